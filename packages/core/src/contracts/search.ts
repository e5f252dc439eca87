import type { Architecture } from '../architecture/architecture.js'
import type { MnasErrorRecord } from '../errors/index.js'
import type { Costs, Graph } from './graph.js'
import type { Json, JsonObject } from './json.js'
import type { Metrics } from './task.js'
import type { Estimate } from './trial-job.js'

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
  create(options: SpaceOptions): SearchSpace
}

/** relativeError: what the true value may fall below it by; 0 for a full measurement. */
export interface Latency {
  readonly latencyMs: number
  readonly source: 'estimated' | 'quick' | 'measured'
  readonly relativeError: number
}

export interface Facts {
  readonly latency: Latency
  readonly costs: Costs
}

export type TrialOutcome = { readonly proposal: number | null; readonly genome: Genome; readonly facts: Facts } & (
  | { readonly status: 'completed'; readonly estimate: Estimate; readonly reward: number }
  | { readonly status: 'pruned'; readonly estimate: Estimate }
  | { readonly status: 'infeasible' }
  | { readonly status: 'failed' | 'lost'; readonly error: MnasErrorRecord }
)

/** worthTraining: could latencyMs · (1 − relativeError) still be worth it? Asked after the estimate, the quick and the full measurement. */
export interface SearchObjective {
  readonly name: string
  reward(metrics: Metrics, facts: Facts): number
  worthTraining(facts: Facts): boolean
}
export interface ObjectiveOptions {
  /** Target latency T in milliseconds. */
  readonly targetMs: number
  /** Name of the metric that is ACC in the paper's formula. */
  readonly metric: string
}
/** What an `objective` contribution exports by default. */
export interface ObjectiveFactory {
  readonly name: string
  create(options: ObjectiveOptions): SearchObjective
}

export interface LatencyModel {
  fit(measured: readonly { readonly graph: Graph; readonly latencyMs: number }[]): void
  predict(graph: Graph): Latency
}

/** All that is known without training; facts depend on the run store alone. */
export interface StrategyContext {
  readonly space: SearchSpace
  readonly objective: SearchObjective
  readonly seed: number
  readonly trials?: number
  facts(genome: Genome): Facts
}

export interface Proposal {
  readonly id: number
  readonly genome: Genome
}

/**
 * ask gives 0 to n proposals (none, and nothing pending = exhausted); a known architecture is told again, not trained.
 * Every outcome of a proposal is told exactly once. state() is committed with each ask and tell.
 */
export interface Strategy {
  ask(n: number): readonly Proposal[]
  tell(outcomes: readonly TrialOutcome[]): void
  state(): Json
  restore(state: Json): void
}
/** What a `strategy` contribution exports by default. */
export interface StrategyFactory {
  readonly name: string
  create(context: StrategyContext): Strategy
}
