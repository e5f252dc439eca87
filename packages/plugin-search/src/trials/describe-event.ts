import type { Headline } from '@mnas/core/contracts'
import { formatMetric } from '@mnas/core/text'
import { candidateId } from '../candidate-id.js'
import type { SearchEvent } from '../run/search-event.js'

/** An event as a line for people. */
export interface EventLine {
  readonly kind: 'note' | 'warning'
  readonly text: string
}

/**
 * @param headline how the metric that is learned is shown
 * @param trials how many will count at most
 * @returns null for an event that is not worth a line
 */
export function describeEvent(event: SearchEvent, headline: Headline, trials: number | undefined): EventLine | null {
  switch (event.kind) {
    case 'ended':
      return describeEnd(event, headline, trials)
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

type End = Extract<SearchEvent, { readonly kind: 'ended' }>

function describeEnd(event: End, headline: Headline, trials: number | undefined): EventLine | null {
  const { status, candidate, metric, quantized, counted, error } = event
  const latency = `${event.latencyMs.toFixed(2)} ms`
  const trial = `trial ${trials === undefined ? `${counted}` : `${counted}/${trials}`} ${candidateId(candidate)}`
  const asFile = quantized ? ` (${formatMetric(headline, quantized.quality)} as ${quantized.precision})` : ''
  switch (status) {
    case 'completed':
      return {
        kind: 'note',
        text: `${trial}: ${headline.label} ${formatMetric(headline, metric?.value ?? 0)}${asFile}, ${latency}`,
      }
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
