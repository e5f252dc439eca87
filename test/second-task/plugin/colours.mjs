// @ts-check
/**
 * A second task, as somebody else would write it: the mean colour of a picture, cell by cell of a feature map. Regression, with another
 * metric than a share of right answers, letterboxed inputs, targets that depend on the graph, and no classes.
 */
import { readPicture } from '@mnas/images/fitting'
import { agreement } from './agreement.mjs'
import { describeOutput, draw, formatOutput } from './answers.mjs'
import { openPictures } from './dataset.mjs'
import { deployed, head, objective, targets } from './graphs.mjs'
import { metrics } from './metrics.mjs'

/** @type {import('@mnas/core/contracts').Preprocessing} */
const preprocessing = {
  fit: { kind: 'letterbox', fill: [0, 0, 0] },
  mean: [127.5, 127.5, 127.5],
  std: [127.5, 127.5, 127.5],
  exif: 'applied',
}

const quick = {
  optimizer: { kind: 'sgd', momentum: 0.9 },
  learningRate: { base: 0.05, schedule: 'cosine', warmupEpochs: 0 },
  epochs: 3,
  batchSize: 8,
  weightDecay: 1e-5,
  average: null,
  batchNormMomentum: 0.9,
  batchNormRecomputation: null,
  augmentation: { mirror: true },
  loss: {},
}

/** @type {import('@mnas/core/contracts').Task} */
const colours = {
  name: 'colours',
  options: {
    parse(value) {
      const { width, ...others } = /** @type {Record<string, unknown>} */ ({ width: 8, .../** @type {object} */ (value) })
      const [unknown] = Object.keys(others)
      if (unknown !== undefined) throw new Error(`colours has no option "${unknown}"`)
      if (!Number.isInteger(width) || Number(width) < 1)
        throw new Error(`width: expected a whole number from 1, received ${width}`)
      return { width: Number(width) }
    },
  },
  optionsFor: (_dataset, base = {}) => colours.options.parse(base),
  headlines: [
    { name: 'closeness', label: 'closeness', percent: true },
    { name: 'meanError', label: 'mean error in levels', percent: false },
  ],
  recipes: { quick, proxy: { ...quick, epochs: 1 }, slow: { ...quick, epochs: 30 } },
  head,
  deployed,
  objective,
  targets,
  open: (options) => openPictures(options, options.preprocessing ?? preprocessing),
  preprocessing,
  inherit: ({ mean, std }) => ({ ...preprocessing, mean, std }),
  readInput: (file, inputSize, how = preprocessing) => readPicture(file, inputSize, how),
  describeOutput,
  formatOutput,
  draw,
  metrics,
  agreement,
}
export default colours
