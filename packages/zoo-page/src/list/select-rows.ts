import type { Filters, Sort } from './filters.js'
import { type AccuracySummary, deviceOf, type LatencySummary, type Row } from './rows.js'

/** A row with the numbers that the filters ask for: the best of its claims, which say what they are. */
export interface Selected {
  readonly row: Row
  readonly accuracy: { readonly claim: AccuracySummary; readonly value: number } | null
  readonly latency: LatencySummary | null
}

/**
 * The rows that a reader asks for, in his order. A latency is that of the one device; without a device there is none.
 * @param metric which the accuracies are of
 */
export function selectRows(rows: readonly Row[], filters: Filters, metric: string): readonly Selected[] {
  const words = filters.q.toLowerCase().split(/\s+/).filter(Boolean)
  const selected: Selected[] = []
  for (const row of rows) {
    if (!isWanted(row, filters, words)) continue
    const accuracy = bestAccuracy(row, filters, metric)
    if (filters.least !== null && (accuracy === null || accuracy.value < filters.least)) continue
    if (filters.dataset !== '' && accuracy === null) continue
    const latency = filters.device === '' ? null : bestLatency(row, filters)
    if (filters.device !== '' && latency === null) continue
    if (latency && filters.maxMs !== null && latency.ms > filters.maxMs) continue
    selected.push({ row, accuracy, latency })
  }
  return sorted(selected, filters.sort)
}

/** Whether numbers of several kinds stand in one order: then the list says so. */
export function basesOf(selected: readonly Selected[], sort: Sort): readonly string[] {
  const of = sort === 'latency' ? selected.map(({ latency }) => latency) : selected.map(({ accuracy }) => accuracy?.claim)
  return [...new Set(of.flatMap((claim) => (claim ? [claim.basis] : [])))].sort()
}

function isWanted({ entry, words, newest }: Row, filters: Filters, wanted: readonly string[]): boolean {
  if (!filters.all && !newest) return false
  if (filters.task !== '' && entry.task !== filters.task) return false
  if (filters.licence !== '' && entry.licence !== filters.licence) return false
  if (filters.maxBytes !== null && !(entry.sizeBytes !== null && entry.sizeBytes <= filters.maxBytes)) return false
  if (filters.maxParameters !== null && entry.parameters > filters.maxParameters) return false
  return wanted.every((word) => words.includes(word))
}

function bestAccuracy({ entry }: Row, { basis, dataset }: Filters, metric: string): Selected['accuracy'] {
  let best: Selected['accuracy'] = null
  for (const claim of entry.accuracy) {
    const value = claim.metrics[metric]
    if (value === undefined || (basis !== '' && claim.basis !== basis) || (dataset !== '' && claim.dataset !== dataset)) continue
    if (best === null || value > best.value) best = { claim, value }
  }
  return best
}

function bestLatency({ entry }: Row, { basis, device }: Filters): LatencySummary | null {
  let best: LatencySummary | null = null
  for (const claim of entry.latency) {
    if (deviceOf(claim) !== device || (basis !== '' && claim.basis !== basis)) continue
    if (best === null || claim.ms < best.ms) best = claim
  }
  return best
}

function sorted(selected: Selected[], sort: Sort): readonly Selected[] {
  const descending = sort === 'accuracy'
  const key = keys[sort]
  if (key === null) return selected.sort(sort === 'date' ? byDate : byName)
  const missing = descending ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  const valued = selected.map((one) => ({ one, value: key(one) ?? missing }))
  const direction = descending ? -1 : 1
  // Two that are missing have the difference NaN.
  valued.sort((a, b) => (a.value === b.value ? byName(a.one, b.one) : direction * (a.value < b.value ? -1 : 1)))
  return valued.map(({ one }) => one)
}

const keys = {
  accuracy: ({ accuracy }) => accuracy?.value ?? null,
  latency: ({ latency }) => latency?.ms ?? null,
  size: ({ row }) => row.entry.sizeBytes,
  parameters: ({ row }) => row.entry.parameters,
  date: null,
  name: null,
} as const satisfies Readonly<Record<Sort, ((selected: Selected) => number | null) | null>>

const byName = (a: Selected, b: Selected) => (a.row.id < b.row.id ? -1 : 1)
const byDate = (a: Selected, b: Selected) =>
  a.row.entry.date === b.row.entry.date ? byName(a, b) : a.row.entry.date > b.row.entry.date ? -1 : 1
