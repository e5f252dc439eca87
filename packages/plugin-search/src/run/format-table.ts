import type { Candidate } from '../answers/candidate.js'

/** Rows of cells as aligned lines, the first row the header; numbers (all columns but the first) to the right. */
export function formatTable(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  )
}

/** Candidates as a table, the marked one with a star. */
export function formatCandidates(candidates: readonly Candidate[], marked?: string): readonly string[] {
  const rows = candidates.map(({ id, accuracy, latencyMs, stable, parameters, macs }) => [
    id === marked ? `${id} *` : id,
    formatFraction(accuracy),
    `${formatMs(latencyMs)}${stable ? '' : ' (unstable)'}`,
    `${(parameters / 1e6).toFixed(2)} M`,
    `${(macs / 1e6).toFixed(1)} M`,
  ])
  return formatTable([['candidate', 'accuracy', 'latency', 'parameters', 'multiply-adds'], ...rows])
}

export const formatFraction = (fraction: number): string => `${(fraction * 100).toFixed(1)} %`
export const formatMs = (ms: number): string => `${ms.toFixed(ms < 10 ? 2 : 1)} ms`
