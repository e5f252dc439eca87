import type { Architecture, Block } from '../../architecture/architecture.js'
import type { MnasErrorRecord } from '../../errors/index.js'
import type { Option, OptionValues } from '../devices/option.js'
import type { Costs, Graph } from '../graph.js'
import type { Estimate } from '../jobs/trial-job.js'
import type { Json, JsonObject } from '../json.js'
import type { Metrics } from '../task.js'
import type { Tensors } from '../tensor.js'

/** One index into each decision's choices. */
export type Genome = readonly number[]

export interface Decision {
  readonly name: string
  readonly choices: readonly Json[]
}

/** canonical(a) equals canonical(b) exactly when decode(a) equals decode(b). */
export interface SearchSpace {
  readonly name: string
  readonly decisions: readonly Decision[]
  decode(genome: Genome): Architecture
  canonical(genome: Genome): Genome
  /**
   * `decode(genome).blocks` without the work of naming the architecture: what makes facts of a genome cheap. Equal rows should
   * be one object. A space has it when all but name and blocks is the same for all of its genomes; without it facts come from
   * the lowered graph, some milliseconds each.
   */
  rows?(genome: Genome): readonly Block[]
  encode(architecture: Architecture): { readonly genome: Genome; readonly differences: readonly string[] }
  /** The genome with the fewest multiply-adds. */
  smallest(): Genome
}

export interface SpaceOptions {
  readonly width: number
  readonly inputSize: number
  readonly task: { readonly name: string; readonly options: JsonObject }
}
/** What a `space` contribution exports by default. */
export interface SpaceFactory {
  readonly name: string
  /** Width multipliers that `--width auto` chooses from, smallest first. */
  readonly widths: readonly number[]
  /** Filters of the head convolution in the training that judges a candidate: fewer than are deployed. */
  readonly proxyHeadFilters: number
  create(options: SpaceOptions): SearchSpace
  /** The published network that a search is compared with: its latency is the target where none is stated. */
  reference(options: Omit<SpaceOptions, 'width'>): Architecture
}

/** relativeError: what the true value may fall below it by; 0 for a full measurement. */
export interface Latency {
  readonly latencyMs: number
  readonly source: 'estimated' | 'quick' | 'measured'
  readonly relativeError: number
}

/** What is known of a network without training it. */
export interface Facts {
  readonly latency: Latency
  readonly costs: Costs
  /**
   * Of the deployed file, in its format and precision: predicted to within 2 % while latency is `estimated`, exact once the file
   * was written, which is when the network is first timed; null where nothing can be said before.
   */
  readonly sizeBytes: number | null
}

/** A trained network: metrics of the held-out images, and its facts. */
export interface Measured {
  readonly metrics: Metrics
  readonly facts: Facts
}

/**
 * How a trial ended, or how far it has come. paused: trained at a rung that is not the last, and not over; stopped: before its
 * training was over; infeasible: not worth training; lost: its device or worker went away. `rung` counts from 0 and is absent where
 * there is one training alone; `values` are those of the objective's axes.
 */
export type TrialOutcome = {
  /** From 1, in the order in which a search asked. */
  readonly trial: number
  /** Null: nobody asked for it. */
  readonly proposal: number | null
  /** Canonical. */
  readonly genome: Genome
  readonly facts: Facts
} & (
  | { readonly status: 'paused'; readonly rung: number; readonly estimate: Estimate; readonly values: readonly number[] }
  | {
      readonly status: 'completed'
      readonly rung?: number
      readonly estimate: Estimate
      readonly values: readonly number[]
      readonly reward: number
    }
  | { readonly status: 'stopped'; readonly rung?: number; readonly estimate: Estimate }
  | { readonly status: 'infeasible' }
  | { readonly status: 'failed' | 'lost'; readonly error: MnasErrorRecord }
)

/** One of the things that a front weighs against each other. */
export interface Axis {
  readonly name: string
  readonly better: 'more' | 'less'
}

/** What a search is for: `reward` orders the candidates, `axes` say what its front shows. Pure functions of their arguments. */
export interface SearchObjective {
  readonly name: string
  readonly axes: readonly [Axis, ...Axis[]]
  /** One value for each axis, in their order. */
  values(measured: Measured): readonly number[]
  /** More is better. */
  reward(measured: Measured): number
  /**
   * Could a network of these facts still win? Asked after the estimate, the quick and the full measurement: the true latency
   * may be as small as latencyMs · (1 − relativeError).
   */
  worthTraining(facts: Facts): boolean
}

/**
 * What a search is to find: the one best network by an objective, or the front between two latencies.
 *
 * `objective` is in both what the search itself goes by: what it trains at all, the values and the reward that it records. Of a
 * front it is that of the longest target, so its reward orders networks by what they are worth to whoever has most time.
 */
export type SearchGoal =
  | { readonly kind: 'best'; readonly objective: SearchObjective }
  | {
      readonly kind: 'front'
      readonly objective: SearchObjective
      /** Milliseconds, with all that runs behind a network; 0 < least ≤ most. A strategy is told of no targets that no network keeps. */
      readonly rangeMs: readonly [least: number, most: number]
      /**
       * What a network is worth to somebody with that target. A strategy draws its own for each pick (or batch of picks), so that
       * the whole range is served. Axes and values are those of `objective`; pure. @param targetMs within the range
       */
      objectiveAt(targetMs: number): SearchObjective
    }

/** The most that a deployed network may be; what is absent is not limited. */
export interface SearchLimits {
  readonly sizeBytes?: number
  readonly parameters?: number
  readonly peakMemoryBytes?: number
}

export interface ObjectiveOptions {
  /** T in milliseconds: the stated target, of a front one of its range, else the latency of the space's reference network. */
  readonly targetMs: number
  /** Name of the metric that is ACC in the paper's formula. */
  readonly metric: string
  /** The search keeps them itself, whatever the objective; here for an objective that also rewards what lies below. */
  readonly limits: SearchLimits
}
/** What an `objective` contribution exports by default. */
export interface ObjectiveFactory {
  readonly name: string
  /** front: `create` makes what networks are worth at one target of a range, and is asked for many. Default: best. */
  readonly goal?: SearchGoal['kind']
  /** Whether it makes sense only with a target latency that somebody stated. */
  readonly needsTarget: boolean
  create(options: ObjectiveOptions): SearchObjective
}

export interface LatencyModel {
  fit(measured: readonly { readonly graph: Graph; readonly latencyMs: number }[]): void
  predict(graph: Graph): Latency
  /**
   * Of a model whose estimate follows from features that add up: those of a graph are the sums of those of its parts, when it
   * is cut where one value alone passes. predict(graph) is predictSum(features(graph)). Absent: estimates come from the whole
   * graph.
   */
  readonly additive?: {
    features(graph: Graph): readonly number[]
    predictSum(features: readonly number[]): Latency
  }
}

/**
 * What was asked and told so far, in the order told. Of the run store: it outlives the process, and a strategy keeps no second
 * copy.
 */
export interface History {
  /** Outcomes told. */
  readonly length: number
  /**
   * Those from position `from` on (default 0: all), lazily. An architecture that was told again is there again, under its new
   * proposal.
   */
  outcomes(from?: number): Iterable<TrialOutcome>
  /** How that architecture's trial ended; null when it has not, paused or not. */
  outcomeOf(genome: Genome): TrialOutcome | null
  /** Whether that architecture was asked for or told of, ended or not. */
  asked(genome: Genome): boolean
}

/** All that is known without training; facts depend on the run store alone. */
export interface StrategyContext {
  readonly space: SearchSpace
  readonly goal: SearchGoal
  /** Name in Estimate.metrics of what is learned: ACC. */
  readonly metric: string
  readonly seed: number
  readonly trials?: number
  /** As the factory's `options` say; absent: none was given. */
  readonly options?: OptionValues
  readonly history: History
  /** Cheap where the space has rows: thousands of calls for one proposal. */
  facts(genome: Genome): Facts
  /**
   * What was known of a genome before any trial: the same throughout the run, so that a model may learn from it and be made again.
   * Absent: `facts` are.
   */
  estimate?(genome: Genome): Facts
}

export interface Proposal {
  readonly id: number
  readonly genome: Genome
}

/** What a strategy cannot read from the history: a generator, counters, weights. Does not grow with the outcomes told. */
export interface StrategyState {
  readonly json: Json
  readonly tensors?: Tensors
}

/**
 * Proposes what to try. Draws on its seed, the history and the facts, on nothing else: no clock, no chance.
 *
 * ask gives 0 to n proposals, all different (none, and nothing pending = exhausted); a known architecture is told again, not
 * trained. What was asked stands in `history.asked` before the next call. Of a proposal any number of paused outcomes is told, one
 * a rung, and then exactly one other; each stands in the history once tell has resolved. Calls do not overlap. state() is committed with each ask and tell, in one
 * transaction with what was asked or told.
 */
export interface Strategy {
  ask(n: number): Promise<readonly Proposal[]>
  tell(outcomes: readonly TrialOutcome[]): Promise<void>
  /** The number of trials became known, or another one: part of the state from then on. */
  plan?(trials: number): void
  /** Trained genomes, the best first by what the strategy believes, not by what one training said. Changes nothing. */
  recommend?(count: number): readonly Genome[]
  state(): StrategyState
  /** Called before anything else; `context.history` stands already as it stood at that state. */
  restore(state: StrategyState): void
}
/** What a `strategy` contribution exports by default. */
export interface StrategyFactory {
  readonly name: string
  /** What it can be told by `--strategy-option NAME=VALUE`; absent: nothing. */
  readonly options?: readonly Option[]
  create(context: StrategyContext): Strategy
}
