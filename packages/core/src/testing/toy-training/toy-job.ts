import { fileURLToPath } from 'node:url'
import type { ExecutionPlan, JobRequest, TrialJob } from '../../contracts/index.js'
import type { PluginManifest } from '../../plugins/index.js'
import { tinyArchitecture } from '../networks/small-networks.js'
import { toyImages } from './toy-images.js'

/** The engine and the task `toy`, for executors under test: nothing to install, no file to read, a training within a second. */
export const toyPlugin: PluginManifest = {
  name: '@mnas/core/testing',
  root: fileURLToPath(new URL('.', import.meta.url)),
  contributes: { engine: { toy: './toy-engine.js' }, task: { toy: './toy-task.js' } },
}

export const toyPlan: ExecutionPlan = { engine: 'toy', mode: 'standard', accelerator: 'cpu', threads: 1 }

export interface ToyJobOptions {
  readonly seed?: number
  /** Of 40 steps each. */
  readonly epochs?: number
  readonly learningRate?: number
  readonly start?: TrialJob['start']
}

export function toyJob({ seed = 1, epochs = 2, learningRate = 0.01, start = { kind: 'scratch' } }: ToyJobOptions = {}): TrialJob {
  const architecture = { ...tinyArchitecture('same', 'relu', 16), task: { name: 'toy', options: {} } }
  return {
    architecture,
    data: toyImages.fingerprint,
    recipe: {
      optimizer: { kind: 'sgd', momentum: 0.9 },
      learningRate: { base: learningRate, schedule: 'constant', warmupEpochs: 0 },
      epochs,
      batchSize: 2,
      weightDecay: 0,
      batchNormMomentum: 0.9,
      evaluateEveryEpochs: 1,
      augmentation: {},
      loss: {},
    },
    seed,
    fidelity: { epochs, scheduleEpochs: epochs, inputSize: 16, headFilters: architecture.head.filters },
    start,
  }
}

/** A request that keeps the weights. */
export function toyRequest(options: ToyJobOptions = {}, changes: Partial<JobRequest> = {}): JobRequest {
  return { job: toyJob(options), plan: toyPlan, validate: false, keep: ['weights'], ...changes }
}
