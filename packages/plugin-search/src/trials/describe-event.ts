import { candidateId } from '../candidate-id.js'
import type { SearchEvent } from '../run/search-event.js'

/** An event as a line for people. */
export interface EventLine {
  readonly kind: 'note' | 'warning'
  readonly text: string
}

/** @param trials how many will count at most; @returns null for an event that is not worth a line */
export function describeEvent(event: SearchEvent, trials: number | undefined): EventLine | null {
  switch (event.kind) {
    case 'ended':
      return describeEnd(event, trials)
    case 'device-lost':
      return { kind: 'warning', text: `${event.message} Trying again in ${event.retryAfterMs / 1000} s.` }
    case 'asked':
    case 'told-again':
    case 'measured':
    case 'training':
      return null
    default:
      throw event satisfies never
  }
}

function describeEnd(event: Extract<SearchEvent, { readonly kind: 'ended' }>, trials: number | undefined): EventLine | null {
  const { status, candidate, metric, counted, error } = event
  const latency = `${event.latencyMs.toFixed(2)} ms`
  const trial = `trial ${trials === undefined ? `${counted}` : `${counted}/${trials}`} ${candidateId(candidate)}`
  switch (status) {
    case 'completed':
      return { kind: 'note', text: `${trial}: ${metric?.name} ${((metric?.value ?? 0) * 100).toFixed(1)} %, ${latency}` }
    case 'stopped':
      return { kind: 'note', text: `${trial}: stopped early, ${latency}` }
    case 'failed':
    case 'lost':
      return { kind: 'warning', text: `${trial} ${status}: ${error}` }
    case 'infeasible':
      return null
    default:
      throw status satisfies never
  }
}
