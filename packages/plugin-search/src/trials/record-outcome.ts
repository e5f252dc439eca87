import type { Strategy } from '@mnas/core/contracts'
import type { EndedOutcome, TrialRecord } from '../run/records.js'
import type { SearchEvent } from '../run/search-event.js'
import type { Proposing, Started } from '../start/search.js'
import { frontHypervolume } from './front-hypervolume.js'

/**
 * Tells the strategy how a trial ended, and everybody who asked for the same architecture meanwhile; then records it all in one
 * transaction with the state that the strategy has come to. What is lost before that is done again and comes to the same.
 * @param counted trials that count, this one among them where it does
 */
export async function recordOutcome(
  { store, objective, wanted, headline }: Started<Proposing>,
  strategy: Strategy,
  { id, candidate, proposal }: TrialRecord,
  outcome: EndedOutcome,
  counted: number,
): Promise<SearchEvent> {
  const proposals = [proposal, ...store.repeats(id)]
  await strategy.tell(proposals.map((asked) => ({ ...outcome, proposal: asked })))
  const ended = endedEvent(id, candidate, outcome, headline.name, counted)
  return store.transaction(() => {
    store.endTrial(outcome, objective.axes)
    for (const asked of proposals) store.addTold(id, asked)
    const hypervolume = outcome.status === 'completed' ? frontHypervolume(store, wanted) : null
    const event = hypervolume === null ? ended : { ...ended, hypervolume }
    store.addEvent(event)
    store.setState(strategy.state())
    return event
  }, outcome.status !== 'infeasible')
}

/** Tells the outcome of a trial that has ended long ago as the answer to another proposal of the same architecture. */
export async function tellAgain(
  { store }: Started<Proposing>,
  strategy: Strategy,
  { id, candidate, outcome }: TrialRecord,
  proposal: number,
): Promise<void> {
  if (!outcome) return
  await strategy.tell([{ ...outcome, proposal }])
  store.transaction(() => {
    store.addTold(id, proposal)
    store.addEvent({ kind: 'told-again', trial: id, candidate, proposal })
    store.setState(strategy.state())
  }, false)
}

type EndedEvent = Extract<SearchEvent, { readonly kind: 'ended' }>

function endedEvent(trial: number, candidate: string, outcome: EndedOutcome, metric: string, counted: number): EndedEvent {
  const { latencyMs } = outcome.facts.latency
  const ended = { kind: 'ended', trial, candidate, latencyMs, counted, metric: null, reward: null, error: null } as const
  const { status } = outcome
  switch (status) {
    case 'completed': {
      const { quantized } = outcome.estimate
      return { ...ended, status, metric: learned(metric, outcome), reward: outcome.reward, ...(quantized && { quantized }) }
    }
    case 'stopped':
      return { ...ended, status, metric: learned(metric, outcome) }
    case 'failed':
    case 'lost':
      return { ...ended, status, error: outcome.error.message }
    case 'infeasible':
      return { ...ended, status }
    default:
      throw outcome satisfies never
  }
}

function learned(name: string, { estimate }: Extract<EndedOutcome, { readonly estimate: unknown }>) {
  return { name, value: estimate.metrics[name] ?? 0 }
}
