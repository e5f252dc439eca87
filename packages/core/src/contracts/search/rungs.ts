import type { Estimate } from '../jobs/trial-job.js'
import type { Facts, SearchGoal } from './search.js'

/** A trial as far as its trainings have come. */
export interface BoardEntry {
  /** From 1, in the order in which a search asked. */
  readonly trial: number
  /** As its network was measured. */
  readonly facts: Facts
  /** One for each rung that it has trained at, from the lowest on. */
  readonly estimates: readonly Estimate[]
  /** running: at the next rung (or being timed before the first); paused: trained at its last one, and going on if it is promoted. */
  readonly state: 'running' | 'paused' | 'ended'
}

/**
 * What to do with a free worker. promote: train that paused trial at its next rung; stop: end that paused trial; ask: begin a new
 * trial; wait: for what runs, and where nothing runs the search is over (until it is given more trials).
 */
export type RungStep = { readonly promote: number } | { readonly stop: number } | 'ask' | 'wait'

/** Decides which networks train on. From its arguments alone, so that a resumed run decides the same: it remembers nothing. */
export interface RungPolicy {
  readonly name: string
  /**
   * Asked again and again until it says ask or wait.
   * @param board in the order of the trials; those that ended before their first training are not on it
   * @param mayAsk whether a new trial can be begun; without, it does not say ask. Where nothing runs either, some network has to
   * reach the top rung before it waits, unless all have ended
   */
  next(board: readonly BoardEntry[], goal: SearchGoal, mayAsk: boolean): RungStep
}

export interface RungOptions {
  /** How each rung trains, from the lowest on; at least two. Each begins with the weights of the one before. */
  readonly fidelities: readonly Estimate['fidelity'][]
  /** About one of so many goes on to the next rung; above 1. */
  readonly eta: number
}
/** What a `rungPolicy` contribution exports by default. */
export interface RungPolicyFactory {
  readonly name: string
  create(options: RungOptions): RungPolicy
}
