import type { Architecture } from '@mnas/core/architecture'
import type {
  Hash,
  Headline,
  JobRequest,
  JsonObject,
  LatencyMeasurement,
  Metrics,
  ObjectiveFactory,
  OptionValues,
  Precision,
  QuantizedQuality,
  SearchGoal,
  SearchLimits,
  SearchObjective,
  SearchSpace,
  SpaceFactory,
  StrategyFactory,
  Task,
  TrialExecutor,
  TrialJob,
} from '@mnas/core/contracts'
import type { Reporter } from '@mnas/core/events'
import type { EarlierRun } from '../earlier/earlier-run.js'
import type { KnownFacts } from '../facts/known-facts.js'
import type { LatencyRange } from '../hypervolume.js'
import type { RunStore } from '../run/records.js'
import type { PostProcessingCost } from '../run/run-file.js'
import type { Effort } from '../run/search-event.js'
import type { Rungs, TrainedRungs } from '../rungs/rungs.js'

/** What a search is to find, and how much it may spend. */
export interface SearchTerms {
  /** Side of the deployed input in pixels. */
  readonly size: number
  /** Null: no budget was stated; T is the reference network's latency. */
  readonly targetMs: number | null
  /** The range of a front where one was stated. */
  readonly rangeMs: LatencyRange | null
  readonly limits: SearchLimits
  readonly width: 'auto' | number
  readonly seed: number
  /** Trained candidates; undefined = as many as the time allows. */
  readonly trials: number | undefined
  /** No trial begins after so much working time, over all sessions. */
  readonly timeMs: number | undefined
  /** So many of the best are trained again before one is called the winner; below 2: none. */
  readonly retrainTop: number
  /** So many candidates in a row that are known or too slow end the search: at best one in hundreds would do. */
  readonly patience: number
  /** As the user named it, for messages. */
  readonly device: string
}

/** A file that was written and timed. */
export interface TimedFile {
  readonly structure: Hash
  readonly sizeBytes: number
  readonly measurement: LatencyMeasurement
  /** Which of several devices timed it, as behind `--device`. Absent: there is one. */
  readonly device?: string
}

/**
 * @param job that trained the network
 * @param weights its best, among the executor's blobs
 * @returns null where the task does not know the truth about its images
 * @throws what writing and running a file throws, which concerns this network alone; the signal's reason
 */
export type Judge = (job: TrialJob, weights: Hash) => Promise<QuantizedQuality | null>

/** Proposing and timing candidates, whoever trains them: its goal, and all it works with, each by its contract. */
export interface Proposing {
  readonly goal: SearchTerms
  readonly task: Task
  readonly taskOptions: JsonObject
  /** Of what is learned of candidates. */
  readonly headline: Headline
  /** What runs behind each candidate's graph; null: nothing that was timed. */
  readonly postProcessing: PostProcessingCost | null
  readonly spaces: SpaceFactory
  readonly strategies: StrategyFactory
  readonly strategyOptions: OptionValues
  readonly objectives: ObjectiveFactory
  /** Trainings behind each of which a policy says who goes on; null: there is one alone. */
  readonly rungs: Rungs | null
  /** Exports the deployed model and times it. @throws MNAS_DEVICE_LOST, and any error that concerns this network alone */
  measure(architecture: Architecture, effort: Effort): Promise<TimedFile>
  /** How many networks are timed at once when they are asked for at once; more wait. */
  readonly measuredAtOnce: number
  readonly store: RunStore
  readonly reporter: Reporter
  readonly signal: AbortSignal
  /** Waits between two attempts on a vanished device. */
  pause(ms: number): Promise<void>
}

/** A search that trains its candidates itself. */
export interface Search extends Proposing {
  /** Metrics of a training, with what is learned among them. @param ofFile the trained task's first metric, of the file that a network will be */
  learn(metrics: Metrics, ofFile?: number): Metrics
  request(architecture: Architecture): JobRequest
  readonly rungs: TrainedRungs | null
  /** Another run whose trainings are known; null: none. */
  readonly earlier: EarlierRun | null
  /** What a network is worth in the precision that is searched. null: as much as it was found to be when it was trained. */
  readonly judge: Judge | null
  /** Of the files that are timed, and that `judge` looks at. */
  readonly precision: Precision
  readonly executor: TrialExecutor
}

/** What the first measurements settle for all trials. */
export interface Start {
  readonly width: number
  readonly space: SearchSpace
  readonly targetMs: number
  /** What is to be found; strategies are told the part of it that is reachable. */
  readonly wanted: SearchGoal
  /** Of `wanted`: what the search itself goes by. */
  readonly objective: SearchObjective
  readonly facts: KnownFacts
}
export type Started<S extends Proposing> = S & Start
export type StartedSearch = Started<Search>

/** Milliseconds that every candidate takes besides its network. */
export const addedMsOf = ({ postProcessing }: Pick<Proposing, 'postProcessing'>): number => postProcessing?.latencyMs ?? 0
