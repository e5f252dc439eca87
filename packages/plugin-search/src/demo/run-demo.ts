import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { JsonObject } from '@mnas/core/contracts'
import type { Reporter } from '@mnas/core/events'
import { pictureLabels } from './draw-picture.js'
import { drawPictures } from './draw-pictures.js'
import { type Program, runCommand } from './run-command.js'

export interface DemoOptions {
  readonly folder: string
  readonly device: string
  readonly seed: number
  readonly program: Program
  readonly reporter: Reporter
  /** Called with each command before it runs, as a user would type it. */
  readonly onCommand: (command: string) => void
}

export interface DemoResult {
  readonly pictures: string
  readonly run: string
  readonly model: string
  readonly file: string
  readonly candidates: number
  /** On pictures that neither the search nor the training has seen. */
  readonly metrics: JsonObject
  readonly latencyMs: number | null
  /** How well the file says what the model says. */
  readonly agreement: JsonObject | null
}

/** Small enough for three minutes on two cores, large enough that the classes are learned. */
const size = 48
const pictures = { training: 120, validation: 25, size: 64 }
const search = ['--size', `${size}`, '--width', '0.5', '--trials', '4', '--proxy-epochs', '3']
const trainingEpochs = 20

/** The main job on drawn pictures: search, train the best, deploy it. Each step is a command of its own; repeated, it goes on where it stopped. */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const { folder, device, seed, program, reporter } = options
  const [data, run, model] = [join(folder, 'pictures'), join(folder, 'run'), join(folder, 'model')]
  await drawOnce(data, seed, reporter)
  const step = (...words: readonly string[]) => {
    options.onCommand(`mnas ${words.join(' ')}`)
    return runCommand(program, words)
  }
  const found = await step('search', '--data', data, ...search, '--seed', `${seed}`, '--device', device, '--out', run)
  const trained = await step('train', run, '--data', data, '--epochs', `${trainingEpochs}`, '--seed', `${seed}`, '--out', model)
  const deployed = await step('deploy', model, '--device', device)
  return {
    pictures: data,
    run,
    model,
    file: String(deployed['file']),
    candidates: Array.isArray(found['candidates']) ? found['candidates'].length : 0,
    metrics: trained['metrics'] as JsonObject,
    latencyMs: numberOf(deployed['latencyMs']),
    agreement: deployed['agreement'] as JsonObject | null,
  }
}

/** A set that is there stays: its files' dates may be part of what a run remembers. */
async function drawOnce(folder: string, seed: number, reporter: Reporter): Promise<void> {
  const last = `${pictureLabels.at(-1)}-${String(pictures.validation - 1).padStart(3, '0')}`
  const lastFile = join(folder, 'val', pictureLabels.at(-1)!, `${last}.${pictures.validation % 2 === 1 ? 'jpg' : 'png'}`)
  const complete = await access(lastFile).then(
    () => true,
    () => false,
  )
  if (complete) return
  reporter.stage('pictures', folder)
  await drawPictures({ ...pictures, folder, seed }, (done, total) => reporter.progress({ done, total, unit: 'pictures' }))
}

const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null)
