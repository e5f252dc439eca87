import type { Headline, QuantizedQuality } from '@mnas/core/contracts'
import { formatMetric } from '@mnas/core/text'
import { candidateId } from '../../candidate-id.js'
import type { PostProcessingCost } from '../../run/run-file.js'
import type { SearchEvent } from '../../run/search-event.js'

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
    case 'told-earlier':
      return describeEarlier(event)
    case 'budget':
      return { kind: 'note', text: `At this pace the time is enough for about ${event.trials} trials.` }
    case 'trained-again':
      return describeAgain(event, context)
    case 'paused':
      return describePause(event, context)
    case 'promoted':
    case 'asked':
    case 'told-again':
    case 'measured':
    case 'latency-model':
    case 'range':
    case 'training':
      return null
    default:
      throw event satisfies never
  }
}

/** Rungs are counted from 1 for people, as all else. */
function describePause(event: Extract<SearchEvent, { readonly kind: 'paused' }>, { headline }: EventContext): EventLine {
  const { trial, candidate, rung, metric, latencyMs } = event
  const found = `${headline.label} ${formatMetric(headline, metric.value)}, ${latencyMs.toFixed(2)} ms`
  return { kind: 'note', text: `trial ${trial} ${candidateId(candidate)} at rung ${rung + 1}: ${found}` }
}

function describeEarlier({ run, told, others }: Extract<SearchEvent, { readonly kind: 'told-earlier' }>): EventLine {
  const rest = others > 0 ? `; ${others} are no networks of this search` : ''
  return { kind: 'note', text: `${told} trained networks of "${run}" are known and need no training${rest}.` }
}

function describeAgain(event: Extract<SearchEvent, { readonly kind: 'trained-again' }>, { headline }: EventContext): EventLine {
  const { candidate, metric, quantized, error } = event
  const again = `trained again ${candidateId(candidate)}`
  if (metric === null) return { kind: 'warning', text: `${again}: failed: ${error}` }
  return {
    kind: 'note',
    text: `${again}: ${headline.label} ${formatMetric(headline, metric.value)}${asFileOf(quantized, headline)}`,
  }
}

const asFileOf = (quantized: QuantizedQuality | undefined, headline: Headline): string =>
  quantized ? ` (${formatMetric(headline, quantized.quality)} as ${quantized.precision})` : ''

type End = Extract<SearchEvent, { readonly kind: 'ended' }>

function describeEnd(event: End, { headline, trials, postProcessing }: EventContext): EventLine | null {
  const { status, candidate, metric, quantized, counted, error } = event
  const behind = postProcessing?.latencyMs ? ` + ${postProcessing.latencyMs.toFixed(2)}` : ''
  const latency = `${event.latencyMs.toFixed(2)}${behind} ms`
  const trial = `trial ${trials === undefined ? `${counted}` : `${counted}/${trials}`} ${candidateId(candidate)}`
  switch (status) {
    case 'completed':
      return {
        kind: 'note',
        text: `${trial}: ${headline.label} ${formatMetric(headline, metric?.value ?? 0)}${asFileOf(quantized, headline)}, ${latency}`,
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
