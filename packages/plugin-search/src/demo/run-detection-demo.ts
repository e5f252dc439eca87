import { join } from 'node:path'
import type { DeployAnswer, EvaluateAnswer, PredictAnswer, TrainAnswer } from '@mnas/core/answers'
import type { Reporter } from '@mnas/core/events'
import { exists } from '@mnas/core/files'
import type { DetectionDemoAnswer } from '../answers/detection-demo-answer.js'
import { demoSteps } from './demo-steps.js'
import type { DemoOptions } from './run-demo.js'
import { annotationsFile, writeShapes } from './shapes/write-shapes.js'

export type DetectionDemoResult = Omit<DetectionDemoAnswer, 'version' | 'folder'>

/** Small enough for about three minutes on two cores, large enough that the detector finds some of the shapes. */
const pictures = { train: 300, val: 60, size: 128 }
const network = 'mnasnet-a1@0.5'
const epochs = 70

/**
 * From annotated pictures to a detector's file, on drawn ones: train, evaluate, look at an answer, deploy. Each step is a command of its own;
 * repeated, it goes on where it stopped.
 */
export async function runDetectionDemo(options: DemoOptions): Promise<DetectionDemoResult> {
  const { folder, device, seed, reporter } = options
  const [data, model, drawn] = [join(folder, 'shapes'), join(folder, 'detector'), join(folder, 'drawn')]
  await drawOnce(data, seed, reporter)
  const step = demoSteps(options)
  const how = ['--task', 'detection', '--data', data, '--size', `${pictures.size}`, '--epochs', `${epochs}`, '--seed', `${seed}`]
  await step<TrainAnswer>('train', network, ...how, '--out', model)
  const { metrics } = await step<EvaluateAnswer>('evaluate', model, '--data', data)
  const picture = join(data, 'val', '0001.png')
  const { drawings } = await step<PredictAnswer>('predict', model, picture, '--draw', drawn)
  const { files } = await step<DeployAnswer>('deploy', model, '--data', data, '--device', device)
  const deployed = files[0]!
  return {
    ...{ pictures: data, model, metrics },
    drawing: drawings?.[0] ?? drawn,
    ...{ file: deployed.file, latencyMs: deployed.latencyMs, agreement: deployed.agreement },
  }
}

/** A set that is there stays. */
async function drawOnce(folder: string, seed: number, reporter: Reporter): Promise<void> {
  if (await exists(join(folder, 'val', annotationsFile))) return
  reporter.stage('pictures', folder)
  await writeShapes(folder, { ...pictures, seed }, (done, total) => reporter.progress({ done, total, unit: 'pictures' }))
}
