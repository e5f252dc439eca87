import { join } from 'node:path'
import type { TrainAnswer } from '@mnas/core/answers'
import type { DemoAnswer } from '../answers/demo-answer.js'
import type { SearchAnswer } from '../answers/search-answer.js'
import { pictureLabels } from './draw-picture.js'
import { drawPictures } from './draw-pictures.js'
import type { Demo } from './run-demo.js'

/** Small enough for three minutes on two cores, large enough that the classes are learned. */
const size = 48
const pictures = { training: 120, validation: 25, size: 64 }
const search = [
  '--size',
  `${size}`,
  '--width',
  '0.5',
  '--trials',
  '4',
  '--proxy-epochs',
  '3',
  '--objective',
  'soft',
  '--retrain-top',
  '0',
]
const trainingEpochs = 20

/** The main job: search, train the best, deploy it. */
export const classificationDemo: Demo<Pick<DemoAnswer, 'run' | 'candidates' | 'metrics'>> = {
  pictures: 'pictures',
  lastPicture: lastPicture(),
  draw: (folder, seed, onPicture) => drawPictures({ ...pictures, folder, seed }, onPicture),
  async make(step, { folder, data, device, seed }) {
    const [run, model] = [join(folder, 'run'), join(folder, 'model')]
    const seeded = ['--seed', `${seed}`]
    const found = await step<SearchAnswer>('search', '--data', data, ...search, ...seeded, '--device', device, '--out', run)
    const how = ['--data', data, '--epochs', `${trainingEpochs}`, ...seeded]
    const { metrics } = await step<TrainAnswer>('train', run, '--candidate', found.best, ...how, '--out', model)
    return { run, model, candidates: found.candidates.length, metrics }
  },
  deployWords: () => [],
}

/** JPEG and PNG in turn. */
function lastPicture(): string {
  const label = pictureLabels.at(-1)!
  const number = String(pictures.validation - 1).padStart(3, '0')
  return join('val', label, `${label}-${number}.${pictures.validation % 2 === 1 ? 'jpg' : 'png'}`)
}
