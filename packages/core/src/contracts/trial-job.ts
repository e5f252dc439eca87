import type { Architecture } from '../architecture/architecture.js'
import type { MnasErrorRecord } from '../errors/index.js'
import type { BlobStore } from './blob-store.js'
import type { Hash, JsonObject } from './json.js'
import type { Metrics, Preprocessing } from './task.js'
import type { ExecutionPlan } from './training-engine.js'

/** Cumulative epochs of a schedule laid out for scheduleEpochs; inputSize and headFilters are what is trained, not what is deployed. */
export interface Fidelity {
  readonly epochs: number
  readonly scheduleEpochs: number
  readonly inputSize: number
  readonly headFilters: number
}

/** continue: the same blocks; inherit: the weights that fit. */
export type Start = { readonly kind: 'scratch' } | { readonly kind: 'continue' | 'inherit'; readonly checkpoint: Hash }

/** The stem or a row of the table, from 1. */
export type Stage = 'stem' | number

/** architecture is always the deployed one; what is trained is withFidelity(architecture, fidelity). The job's id is the hash of this object. */
export interface TrialJob {
  readonly architecture: Architecture
  /** The data set's fingerprint; where its files lie is the executor's business. */
  readonly data: Hash
  readonly recipe: JsonObject
  /** Absent: the task's own. Weights to start from bring the one they were trained with. */
  readonly preprocessing?: Preprocessing
  readonly seed: number
  readonly fidelity: Fidelity
  readonly start: Start
  /** Stages whose weights the optimizer leaves alone. */
  readonly frozen?: readonly Stage[]
  readonly plan: ExecutionPlan
}

/** What training said; metrics come from the held-out split. */
export interface Estimate {
  readonly metrics: Metrics
  readonly fidelity: Fidelity
  readonly checkpoint?: Hash
}

export type JobEvent = { readonly job: Hash } & (
  | { readonly kind: 'started' | 'beat' | 'cancelled' }
  | { readonly kind: 'lost'; readonly error: MnasErrorRecord }
  | {
      readonly kind: 'progress'
      readonly epoch: number
      readonly step: number
      readonly steps: number
      readonly imagesPerSecond: number
      readonly metrics: Metrics
    }
  | { readonly kind: 'completed'; readonly estimate: Estimate }
  | { readonly kind: 'failed'; readonly error: MnasErrorRecord }
)

/** Turns a job into an estimate, in the process it is called in. From-scratch training first; later inheritance, a supernet, foreign trainers. */
export interface Estimator {
  estimate(job: TrialJob, blobs: BlobStore, report: (event: JobEvent) => void, signal: AbortSignal): Promise<Estimate>
}

/** Runs jobs somewhere: local child processes first, a queue of many machines behind the same interface. */
export interface TrialExecutor {
  submit(job: TrialJob): Promise<Hash>
  cancel(job: Hash): Promise<void>
  events(): AsyncIterable<JobEvent>
  close(): Promise<void>
}
