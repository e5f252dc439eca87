import type { Headline } from '@mnas/core/contracts'
import { formatMetric } from '@mnas/core/text'
import { candidateId } from '../candidate-id.js'
import type { PostProcessingCost } from '../run/run-file.js'
import type { SearchEvent } from '../run/search-event.js'

/** An event as a line for people. */
export interface EventLine {
  readonly kind: 'note' | 'warning'
  readonly text: string
}

/** What lines say beside what happened. */
export interface EventContext {
  /** How the metric that is learned is shown. */
  readonly headline: Headline
  /** How many will count at most. */
  readonly trials: number | undefined
  readonly postProcessing: PostProcessingCost | null
}

/**
 * @returns null for an event that is not worth a line
 */
export function describeEvent(event: SearchEvent, context: EventContext): EventLine | null {
  switch (event.kind) {
    case 'ended':
      return describeEnd(event, context)
    case 'device-lost':
      return { kind: 'warning', text: `${event.message} Trying again in ${event.retryAfterMs / 1000} s.` }
    case 'asked':
    case 'told-again':
    case 'measured':
    case 'latency-model':
    case 'training':
      return null
    default:
      throw event satisfies never
  }
}

type End = Extract<SearchEvent, { readonly kind: 'ended' }>

function describeEnd(event: End, { headline, trials, postProcessing }: EventContext): EventLine | null {
  const { status, candidate, metric, quantized, counted, error } = event
  const behind = postProcessing?.latencyMs ? ` + ${postProcessing.latencyMs.toFixed(2)}` : ''
  const latency = `${event.latencyMs.toFixed(2)}${behind} ms`
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
