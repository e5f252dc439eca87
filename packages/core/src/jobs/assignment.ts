import type { JobEvent, TrialJob } from '../contracts/index.js'
import type { DataSource } from '../data/index.js'
import type { PluginManifest } from '../plugins/index.js'
import type { TrainingPace } from '../training/index.js'
import type { MemoryFacts } from './memory/out-of-memory.js'

/** What a training process opens: a job and its images. */
export interface TrainingSource {
  readonly manifests: readonly PluginManifest[]
  readonly job: TrialJob
  readonly data: DataSource
}

/** All that a training process needs to know: plain JSON, so that another machine could take it too. */
export interface Assignment extends TrainingSource {
  /** Of this job alone: checkpoint, best weights, result. */
  readonly folder: string
  readonly blobFolder: string
  readonly checkpointEveryMs: number
  /** How many of the last checkpoints stay, from 1. */
  readonly checkpointsKept: number
  /** Evaluate the best weights on the validation images too (the end of `train`). */
  readonly validate: boolean
  /** Keep the checkpoint when the job is done. */
  readonly keepCheckpoint: boolean
}

/** What the training process says: events for everybody, a pace that was asked for, and what it knows of memory for whoever may have to explain its death. */
export type WorkerReport =
  | JobEvent
  | { readonly kind: 'pace'; readonly pace: TrainingPace }
  | { readonly kind: 'memory'; readonly facts: MemoryFacts }

/** What a training process is started for. */
export type WorkerTask =
  | { readonly kind: 'train'; readonly assignment: Assignment }
  | { readonly kind: 'measurePace'; readonly source: TrainingSource }

/** What the coordinating process says to the training process. */
export type WorkerRequest = WorkerTask | { readonly kind: 'cancel' }
