import type { JobEvent, TrialJob } from '../contracts/index.js'
import type { PluginManifest } from '../plugins/index.js'
import type { MemoryFacts } from './memory/out-of-memory.js'

/** Where a job's images lie on this computer, and how they are read. */
export interface DataSource {
  readonly folder: string
  readonly cacheFolder: string
  readonly cacheLimitBytes: number
  /** Threads that decode; 0 = none but the training process itself. */
  readonly workers: number
}

/** All that a training process needs to know: plain JSON, so that another machine could take it too. */
export interface Assignment {
  readonly manifests: readonly PluginManifest[]
  readonly job: TrialJob
  /** Of this job alone: checkpoint, best weights, result. */
  readonly folder: string
  readonly blobFolder: string
  readonly data: DataSource
  readonly checkpointEveryMs: number
  /** How many of the last checkpoints stay, from 1. */
  readonly checkpointsKept: number
  /** Evaluate the best weights on the validation images too (the end of `train`). */
  readonly validate: boolean
  /** Keep the checkpoint when the job is done. */
  readonly keepCheckpoint: boolean
}

/** What the training process says: events for everybody, and what it knows of memory for the one who may have to explain its death. */
export type WorkerReport = JobEvent | { readonly kind: 'memory'; readonly facts: MemoryFacts }

/** What the coordinating process says to the training process. */
export type WorkerRequest = { readonly kind: 'run'; readonly assignment: Assignment } | { readonly kind: 'cancel' }
