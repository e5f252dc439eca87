import type { MnasErrorRecord } from '../../errors/index.js'
import type { SkippedFile } from '../dataset.js'
import type { Hash, JsonObject } from '../json.js'
import type { Metrics } from '../task.js'
import type { ExecutionPlan, PlanWish } from '../training-engine.js'
import type { BlobStore } from './blob-store.js'
import type { TrialJob } from './trial-job.js'

/** Files that a job can leave as blobs. weights: the best ones, ready to deploy; checkpoint: the whole state at its end, for another job's start. */
export type ArtefactName = 'weights' | 'checkpoint'

/** A job, and how it is to be run. What comes of it depends on the job, and to the bit on the plan; on nothing else. */
export interface JobRequest {
  readonly job: TrialJob
  /**
   * A wish is filled in where the job runs. A job that was begun goes on under the plan that it was begun with, whatever is asked for now:
   * bits repeat only under the same one.
   */
  readonly plan: ExecutionPlan | PlanWish
  /** Evaluate the best weights on the validation images too. */
  readonly validate: boolean
  readonly keep: readonly ArtefactName[]
}

/** What one evaluation on the held-out split said. */
export interface EpochRecord {
  /** Epochs done, from 1. */
  readonly epoch: number
  readonly step: number
  /** Mean training loss of the epoch's steps. */
  readonly trainingLoss: number
  readonly learningRate: number
  /** Null for an epoch that was not evaluated. */
  readonly metrics: Metrics | null
}

/** All numbers are finite: it is plain JSON. */
export interface JobResult {
  /** Of the best weights on the held-out split. */
  readonly metrics: Metrics
  /** Of the best weights on the validation images, when they were asked for. */
  readonly validation: Metrics | null
  /** Of the same evaluation, for the task's charts; null where the task gives none. */
  readonly details: JsonObject | null
  readonly history: readonly EpochRecord[]
  /** Step of the best weights. */
  readonly step: number
  /** Files that could not be used: found by their headers or only when they were decoded. */
  readonly skipped: readonly SkippedFile[]
  /** The one that it ran under. */
  readonly plan: ExecutionPlan
  /** What was to be kept, as blobs of the executor. Whoever no longer needs one deletes it there. */
  readonly artefacts: Readonly<Partial<Record<ArtefactName, Hash>>>
}

export interface TrainingProgress {
  /** Epochs done. */
  readonly epoch: number
  /** Updates done, of how many. */
  readonly step: number
  readonly steps: number
  readonly imagesPerSecond: number
  /**
   * After a step its `loss` and, as `heldOut.<name>`, the primary metric of the last evaluation; after an epoch `trainingLoss` and the held-out
   * metrics, when it was evaluated.
   */
  readonly metrics: Metrics
}

/** What is heard of a job while it runs: its steps, and what a person should know (a slow plan, other decoders than before). */
export type JobProgress = ({ readonly kind: 'steps' } & TrainingProgress) | { readonly kind: 'warning'; readonly message: string }

/** failed: by itself, so it would fail again (the loss became NaN); lost: what it ran in is gone, and the same request goes on. */
export type JobEnd =
  | { readonly kind: 'completed'; readonly result: JobResult }
  | { readonly kind: 'failed' | 'lost'; readonly error: MnasErrorRecord }

/** Runs jobs somewhere: in child processes of this computer, on a queue of many machines. */
export interface TrialExecutor {
  /** How many jobs run at once; run() may be called for more, which wait. */
  readonly capacity: number
  /** Where `Start.checkpoint` is looked for and results lie. */
  readonly blobs: BlobStore
  /**
   * Runs a job to its end. One that was interrupted or lost goes on from its last checkpoint, bit for bit as if it had never stopped; one that
   * is done is told again at once, where it kept what is asked for now. Of one job, two runs never train at the same time.
   * @param hear is told of this job alone, in order, and never after the end
   * @throws the signal's reason once the job has stopped, with a checkpoint (a job that had ended by then is completed)
   */
  run(request: JobRequest, hear: (progress: JobProgress) => void, signal: AbortSignal): Promise<JobEnd>
  /** Stops what runs as an aborted signal does, and waits for it. */
  close(): Promise<void>
}
