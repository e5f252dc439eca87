import type { Headline } from '@mnas/core/contracts'
import { formatMetric, formatTable } from '@mnas/core/text'
import type { Candidate } from '../answers/candidate.js'

/** Candidates as a table, the marked one with a star. @param headline how what was learned is shown */
export function formatCandidates(candidates: readonly Candidate[], headline: Headline, marked?: string): readonly string[] {
  const precision = candidates.find(({ quantized }) => quantized)?.quantized?.precision
  const rows = candidates.map(({ id, accuracy, quantized, latencyMs, stable, parameters, macs }) => [
    id === marked ? `${id} *` : id,
    formatMetric(headline, accuracy),
    ...(precision ? [quantized ? formatMetric(headline, quantized.accuracy) : ''] : []),
    `${formatMs(latencyMs)}${stable ? '' : ' (unstable)'}`,
    `${(parameters / 1e6).toFixed(2)} M`,
    `${(macs / 1e6).toFixed(1)} M`,
  ])
  const columns = [
    'candidate',
    headline.label,
    ...(precision ? [`as ${precision}`] : []),
    'latency',
    'parameters',
    'multiply-adds',
  ]
  return formatTable(columns, rows, ['candidate'])
}

export const formatMs = (ms: number): string => `${ms.toFixed(ms < 10 ? 2 : 1)} ms`
