import type { ExecutionPlan, JobProgress, JobRequest, JobResult, PlanWish, TrialJob } from '../contracts/index.js'
import type { DataSource } from '../data/index.js'
import type { MnasErrorRecord } from '../errors/index.js'
import type { PluginManifest } from '../plugins/index.js'
import type { CheckpointRhythm, TrainingPace } from '../training/index.js'
import type { MemoryFacts } from './memory/out-of-memory.js'

/** What a training process opens: plug-ins and images. */
export interface TrainingSource {
  readonly manifests: readonly PluginManifest[]
  readonly data: DataSource
  /** What a user can do to need less memory than this, for an error: "search with fewer --jobs". Default: what `mnas train` takes. */
  readonly lessMemory?: string
}

/** A job for a training process, plain JSON. */
export interface Assignment extends TrainingSource, Pick<JobRequest, 'job' | 'plan' | 'validate' | 'keep'> {
  /** Of this job alone: checkpoints, best weights, result. */
  readonly folder: string
  readonly blobFolder: string
  readonly checkpoints: CheckpointRhythm
}

/** A job whose pace is asked for. */
export interface PaceRequest extends TrainingSource {
  readonly job: TrialJob
  readonly plan: ExecutionPlan | PlanWish
}

/** What a training process is started for, and what comes of it. */
export interface WorkerTasks {
  readonly train: { readonly order: Assignment; readonly result: JobResult }
  readonly measurePace: { readonly order: PaceRequest; readonly result: TrainingPace }
}
export type WorkerTask = {
  readonly [K in keyof WorkerTasks]: { readonly kind: K; readonly order: WorkerTasks[K]['order'] }
}[keyof WorkerTasks]

/** What the coordinating process says to the training process. */
export type WorkerRequest = WorkerTask | { readonly kind: 'cancel' }

/** The last thing that a training process says. */
export type WorkerAnswer<K extends keyof WorkerTasks = keyof WorkerTasks> =
  | { readonly kind: 'completed'; readonly result: WorkerTasks[K]['result'] }
  | { readonly kind: 'failed'; readonly error: MnasErrorRecord }
  | { readonly kind: 'cancelled' }

/** What a training process says: that it lives, how far it is, and what it knows of memory for whoever may have to explain its death. */
export type WorkerReport =
  | { readonly kind: 'beat' }
  | { readonly kind: 'progress'; readonly progress: JobProgress }
  | { readonly kind: 'memory'; readonly facts: MemoryFacts }
  | { readonly kind: 'answer'; readonly answer: WorkerAnswer }
