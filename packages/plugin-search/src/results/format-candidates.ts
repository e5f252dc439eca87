import type { Headline } from '@mnas/core/contracts'
import { formatMetric, formatTable } from '@mnas/core/text'
import type { Candidate } from '../answers/candidate.js'
import type { PostProcessingCost } from '../run/run-file.js'
import type { ResultContext } from './search-results.js'

/** Candidates as a table, the marked one with a star. */
export function formatCandidates(
  candidates: readonly Candidate[],
  { headline, postProcessing }: ResultContext,
  marked?: string,
): readonly string[] {
  const isTimed = typeof postProcessing?.latencyMs === 'number'
  const precision = candidates.find(({ quantized }) => quantized)?.quantized?.precision
  const rows = candidates.map(({ id, accuracy, quantized, latencyMs, totalMs, stable, parameters, macs }) => [
    id === marked ? `${id} *` : id,
    formatMetric(headline, accuracy),
    ...(precision ? [quantized ? formatMetric(headline, quantized.accuracy) : ''] : []),
    `${formatMs(latencyMs)}${stable ? '' : ' (unstable)'}`,
    ...(isTimed ? [formatMs(totalMs ?? latencyMs)] : []),
    `${(parameters / 1e6).toFixed(2)} M`,
    `${(macs / 1e6).toFixed(1)} M`,
  ])
  const columns = [
    'candidate',
    headline.label,
    ...(precision ? [`as ${precision}`] : []),
    ...(isTimed ? ['network', 'with operator'] : ['latency']),
    'parameters',
    'multiply-adds',
  ]
  return formatTable(columns, rows, ['candidate'])
}

/** What was trained again, with both trainings and their mean; the winner with a star. */
export function formatFinalists(finalists: readonly Candidate[], headline: Headline, winner?: string): readonly string[] {
  if (finalists.length === 0) return []
  const rows = finalists.map(({ id, accuracy, again }) => [
    id === winner ? `${id} *` : id,
    formatMetric(headline, accuracy),
    again ? formatMetric(headline, again.accuracy) : '',
    again ? formatMetric(headline, again.mean) : '',
  ])
  return [
    'trained again from another seed, the winner marked:',
    ...formatTable(['candidate', headline.label, 'again', 'mean'], rows, ['candidate']),
  ]
}

export const formatMs = (ms: number): string => `${ms.toFixed(ms < 10 ? 2 : 1)} ms`

/** What runs behind each network, in one line. */
export function formatPostProcessing({ operator, on, latencyMs, stable }: PostProcessingCost): string {
  if (latencyMs === null) return `behind each network: ${operator}, whose time is not known here and left out`
  return `behind each network: ${operator}, ${formatMs(latencyMs)}${stable ? '' : ' (unstable)'} on ${on}; the target is for the sum`
}
