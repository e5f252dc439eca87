import { join } from 'node:path'
import type { DeployAnswer, TrainAnswer } from '@mnas/core/answers'
import type { Reporter } from '@mnas/core/events'
import { exists } from '@mnas/core/files'
import type { DemoAnswer } from '../answers/demo-answer.js'
import type { SearchAnswer } from '../answers/search-answer.js'
import { demoSteps } from './demo-steps.js'
import { pictureLabels } from './draw-picture.js'
import { drawPictures } from './draw-pictures.js'
import type { Program } from './run-command.js'

export interface DemoOptions {
  readonly folder: string
  readonly device: string
  readonly seed: number
  readonly program: Program
  readonly reporter: Reporter
  /** Called with each command before it runs, as a user would type it. */
  readonly onCommand: (command: string) => void
}

export type DemoResult = Omit<DemoAnswer, 'version' | 'folder'>

/** Small enough for three minutes on two cores, large enough that the classes are learned. */
const size = 48
const pictures = { training: 120, validation: 25, size: 64 }
const search = ['--size', `${size}`, '--width', '0.5', '--trials', '4', '--proxy-epochs', '3', '--retrain-top', '0']
const trainingEpochs = 20

/**
 * The main job on drawn pictures: search, train the best, deploy it. Each step is a command of its own; repeated, it goes on
 * where it stopped.
 */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const { folder, device, seed, reporter } = options
  const [data, run, model] = [join(folder, 'pictures'), join(folder, 'run'), join(folder, 'model')]
  await drawOnce(data, seed, reporter)
  const step = demoSteps(options)
  const found = await step<SearchAnswer>(
    'search',
    '--data',
    data,
    ...search,
    '--seed',
    `${seed}`,
    '--device',
    device,
    '--out',
    run,
  )
  const trained = await step<TrainAnswer>(
    'train',
    run,
    '--data',
    data,
    '--epochs',
    `${trainingEpochs}`,
    '--seed',
    `${seed}`,
    '--out',
    model,
  )
  const { files } = await step<DeployAnswer>('deploy', model, '--device', device)
  const deployed = files[0]!
  return {
    pictures: data,
    run,
    model,
    file: deployed.file,
    candidates: found.candidates.length,
    metrics: trained.metrics,
    latencyMs: deployed.latencyMs,
    agreement: deployed.agreement,
  }
}

/** A set that is there stays: its files' dates may be part of what a run remembers. */
async function drawOnce(folder: string, seed: number, reporter: Reporter): Promise<void> {
  const last = `${pictureLabels.at(-1)}-${String(pictures.validation - 1).padStart(3, '0')}`
  const lastFile = join(folder, 'val', pictureLabels.at(-1)!, `${last}.${pictures.validation % 2 === 1 ? 'jpg' : 'png'}`)
  if (await exists(lastFile)) return
  reporter.stage('pictures', folder)
  await drawPictures({ ...pictures, folder, seed }, (done, total) => reporter.progress({ done, total, unit: 'pictures' }))
}
