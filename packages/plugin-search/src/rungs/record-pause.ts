import type { Hash, Strategy } from '@mnas/core/contracts'
import type { PausedOutcome, TrialRecord } from '../run/records.js'
import type { SearchEvent } from '../run/search-event.js'
import type { Proposing, Started } from '../start/search.js'

/**
 * Tells the strategy what a network is worth at a rung that is not the last, and records it with the state that the strategy has
 * come to. Who asked for the same architecture meanwhile hears how it ends.
 * @param weights that the next rung begins with; null: somebody else keeps them
 */
export async function recordPause(
  { store, headline }: Started<Proposing>,
  strategy: Strategy,
  { id, candidate, proposal }: TrialRecord,
  outcome: PausedOutcome,
  weights: Hash | null,
): Promise<SearchEvent> {
  await strategy.tell([outcome])
  const { rung, estimate, facts } = outcome
  const metric = { name: headline.name, value: estimate.metrics[headline.name] ?? 0 }
  const { latencyMs } = facts.latency
  const event = { kind: 'paused', trial: id, candidate, rung, latencyMs, metric } as const
  store.transaction(() => {
    store.pauseTrial(outcome, weights)
    store.addTold(id, proposal, rung)
    store.addEvent(event)
    store.setState(strategy.state())
  })
  return event
}
