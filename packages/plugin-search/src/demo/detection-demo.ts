import { join } from 'node:path'
import type { EvaluateAnswer, PredictAnswer, TrainAnswer } from '@mnas/core/answers'
import type { DetectionDemoAnswer } from '../answers/detection-demo-answer.js'
import type { Demo } from './run-demo.js'
import { annotationsFile, writeShapes } from './shapes/write-shapes.js'

/** Small enough for about three minutes on two cores, large enough that the detector finds some of the shapes. */
const pictures = { train: 300, val: 60, size: 128 }
const network = 'mnasnet-a1@0.5'
const epochs = 70

/** From annotated pictures to a detector's file: train, evaluate, look at an answer, deploy. */
export const detectionDemo: Demo<Pick<DetectionDemoAnswer, 'metrics' | 'drawing'>> = {
  pictures: 'shapes',
  lastPicture: join('val', annotationsFile),
  draw: (folder, seed, onPicture) => writeShapes(folder, { ...pictures, seed }, onPicture),
  async make(step, { folder, data, seed }) {
    const [model, drawn] = [join(folder, 'detector'), join(folder, 'drawn')]
    const how = [
      '--task',
      'detection',
      '--data',
      data,
      '--size',
      `${pictures.size}`,
      '--epochs',
      `${epochs}`,
      '--seed',
      `${seed}`,
    ]
    await step<TrainAnswer>('train', network, ...how, '--out', model)
    const { metrics } = await step<EvaluateAnswer>('evaluate', model, '--data', data)
    const { drawings } = await step<PredictAnswer>('predict', model, join(data, 'val', '0001.png'), '--draw', drawn)
    return { model, metrics, drawing: drawings?.[0] ?? drawn }
  },
  deployWords: (data) => ['--data', data],
}
