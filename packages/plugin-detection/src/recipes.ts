import type { JsonObject } from '@mnas/core/contracts'

/**
 * How detectors are trained, as data (core's Recipe schema). Learning rates are for 256 images.
 *   quick   from scratch on small data. The paper's loss and rate with more anchors for each box: an overlap of .4 is enough for
 *           one, and crops are mild. TensorFlow's ε of 1 is made for weights that were trained before
 *   paper   TensorFlow's configuration ssdlite_mobilenet_v2_coco, which begins with a classifier's weights (`--init`): RMSProp at
 *           .004 with 24 images. There the rate falls, if at all, after the end of training
 *   proxy   a few epochs of `quick` for a search
 * Short trainings have too few steps for batch-norm averages of momentum .9997: quick and proxy let them forget faster and
 * compute them anew before every evaluation.
 * `augmentation.matching` says which anchors are positive in training; the held-out loss always counts an overlap of .5.
 */
const quick = {
  optimizer: { kind: 'rmsprop', decay: 0.9, momentum: 0.9, epsilon: 1e-3 },
  learningRate: { base: 0.064, schedule: 'cosine', warmupEpochs: 2 },
  epochs: 60,
  batchSize: 16,
  weightDecay: 4e-5,
  average: { decay: 0.998 },
  batchNormMomentum: 0.97,
  batchNormRecomputation: { images: 512 },
  evaluateEveryEpochs: 10,
  augmentation: {
    matching: { overlap: 0.4 },
    flip: true,
    crop: { chance: 0.5, area: [0.5, 1], aspect: [3 / 4, 4 / 3], covers: [0.7, 0.9, 1] },
    colorJitter: { brightness: 0.125 },
  },
  loss: { kind: 'multibox' },
} as const

export const recipes = {
  proxy: { ...quick, epochs: 8, average: null, evaluateEveryEpochs: 0 },
  quick,
  paper: {
    optimizer: { kind: 'rmsprop', decay: 0.9, momentum: 0.9, epsilon: 1 },
    learningRate: { base: (0.004 * 256) / 24, schedule: 'constant', warmupEpochs: 0 },
    epochs: 40,
    batchSize: 24,
    weightDecay: 4e-5,
    average: { decay: 0.9999 },
    batchNormMomentum: 0.9997,
    batchNormRecomputation: null,
    evaluateEveryEpochs: 1,
    augmentation: {
      matching: { overlap: 0.5 },
      flip: true,
      crop: { chance: 0.85, area: [0.1, 1], aspect: [1 / 2, 2], covers: [0, 0.1, 0.3, 0.5, 0.7, 0.9, 1] },
    },
    loss: { kind: 'multibox' },
  },
} as const satisfies Readonly<Record<'proxy' | 'quick' | 'paper', JsonObject>>
