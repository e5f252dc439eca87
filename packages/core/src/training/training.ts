import type {
  Dataset,
  ExecutionPlan,
  Graph,
  InferenceSession,
  Parameter,
  Task,
  Tensors,
  TrainingEngine,
  TrainingProgress,
  TrainingSession,
  TrialJob,
} from '../contracts/index.js'
import type { Checkpoint } from './checkpoints/checkpoint.js'
import type { BatchSource } from './evaluation/evaluate.js'
import type { Schedule } from './recipes/learning-rate.js'
import type { Recipe } from './recipes/recipe.js'
import type { BatchRuntime, Runtime } from './runtime.js'

/** A job with what it is trained by, open. */
export interface OpenJob<R extends BatchRuntime = BatchRuntime> {
  readonly job: TrialJob
  readonly plan: ExecutionPlan
  readonly engine: TrainingEngine
  readonly task: Task
  readonly dataset: Dataset
  readonly runtime: R
}

export interface TrainingSetup extends OpenJob<Runtime> {
  /** Where the checkpoints and the best weights lie; one training per folder. */
  readonly folder: string
  /** Instead of fresh weights: some of another model's, or the state at a checkpoint of a training of the same blocks. */
  readonly start?:
    | { readonly kind: 'weights'; readonly tensors: Tensors }
    | { readonly kind: 'checkpoint'; readonly state: Tensors; readonly checkpoint: Checkpoint }
  report(progress: TrainingProgress): void
}

/** What a job becomes before its first step. */
export interface CompiledTraining {
  readonly recipe: Recipe
  readonly graph: Graph
  readonly parameters: readonly Parameter[]
  readonly session: TrainingSession
  readonly inference: InferenceSession
  readonly source: BatchSource
  readonly batchesPerEpoch: number
  readonly schedule: Schedule
}

/** Everything that stays the same from step to step. */
export interface Training extends CompiledTraining {
  readonly setup: TrainingSetup
}

/** The part of a checkpoint that moves. */
export type Progress = Pick<Checkpoint, 'step' | 'next' | 'lossSum' | 'best' | 'history'>
