import { formatSize } from '@mnas/core/config'
import type { Headline } from '@mnas/core/contracts'
import { formatMetric, formatTable } from '@mnas/core/text'
import type { Candidate, Range } from '../answers/parts/candidate.js'
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
  const rows = candidates.map(({ id, accuracy, quantized, latencyMs, totalMs, stable, macs, ...costs }) => [
    id === marked ? `${id} *` : id,
    formatMetric(headline, accuracy),
    ...(precision ? [quantized ? formatMetric(headline, quantized.accuracy) : ''] : []),
    `${formatMs(latencyMs)}${stable ? '' : ' (unstable)'}`,
    ...(isTimed ? [formatMs(totalMs ?? latencyMs)] : []),
    ...formatCosts(costs),
    `${(macs / 1e6).toFixed(1)} M`,
  ])
  const columns = [
    'candidate',
    headline.label,
    ...(precision ? [`as ${precision}`] : []),
    ...(isTimed ? ['network', 'with operator'] : ['latency']),
    ...costColumns,
    'multiply-adds',
  ]
  return formatTable(columns, rows, ['candidate'])
}

/** What a network needs besides time: in every table. */
export const costColumns = ['parameters', 'size', 'memory'] as const

export function formatCosts({
  parameters,
  sizeBytes,
  peakMemoryBytes,
}: Pick<Candidate, 'parameters' | 'sizeBytes' | 'peakMemoryBytes'>): readonly string[] {
  return [`${(parameters / 1e6).toFixed(2)} M`, sizeBytes === null ? '' : formatSize(sizeBytes), formatSize(peakMemoryBytes)]
}

/** What a front is worth over its range, in one line. */
export function formatRange({ leastMs, mostMs, hypervolume }: Range): string {
  return (
    `front from ${formatMs(leastMs)} to ${formatMs(mostMs)}: hypervolume ${hypervolume.toFixed(4)} ` +
    `(share of the range, from accuracy 0 at ${formatMs(mostMs)})`
  )
}

/** What was trained again, with both trainings and their mean; the winner with a star. */
export function formatFinalists(finalists: readonly Candidate[], headline: Headline, winner?: string): readonly string[] {
  if (finalists.length === 0) return []
  const judged = finalists.flatMap(({ quantized, again }) => [quantized, again?.quantized ?? null])
  const precision = judged.find((one) => one !== null)?.precision
  const asFile = (quantized: Candidate['quantized'] | undefined) =>
    precision ? [quantized ? formatMetric(headline, quantized.accuracy) : ''] : []
  const rows = finalists.map(({ id, accuracy, quantized, again }) => [
    id === winner ? `${id} *` : id,
    formatMetric(headline, accuracy),
    ...asFile(quantized),
    again ? formatMetric(headline, again.accuracy) : '',
    ...asFile(again?.quantized),
    again ? formatMetric(headline, again.mean) : '',
  ])
  const ofFile = precision ? [`as ${precision}`] : []
  const once = finalists.some(({ quantized, again }) => again && (quantized === null) !== (again.quantized === null))
  return [
    'trained again from another seed, the winner marked:',
    ...formatTable(['candidate', headline.label, ...ofFile, 'again', ...ofFile, 'mean'], rows, ['candidate']),
    ...(once ? [`One whose file was looked at behind one training alone (as ${precision}) counts for what it was there.`] : []),
  ]
}

export const formatMs = (ms: number): string => `${ms.toFixed(ms < 10 ? 2 : 1)} ms`

/** What runs behind each network, in one line. */
export function formatPostProcessing({ operator, on, latencyMs, stable }: PostProcessingCost): string {
  if (latencyMs === null) return `behind each network: ${operator}, whose time is not known here and left out`
  return `behind each network: ${operator}, ${formatMs(latencyMs)}${stable ? '' : ' (unstable)'} on ${on}; the target is for the sum`
}
