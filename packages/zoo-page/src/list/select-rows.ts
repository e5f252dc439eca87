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

/** In place. What has no such number comes last; the same number is in the order of names, in which the rows already stand. */
function sorted(selected: Selected[], sort: Sort): readonly Selected[] {
  const order = orders[sort]
  if (order === null) return selected
  const values = new Float64Array(selected.length)
  for (const [index, one] of selected.entries()) values[index] = order(one) ?? Number.POSITIVE_INFINITY
  const places = Uint32Array.from(selected.keys())
  places.sort((a, b) => values[a]! - values[b]! || a - b)
  return Array.from(places, (place) => selected[place]!)
}

/** What comes first has the least. */
const orders = {
  accuracy: ({ accuracy }) => (accuracy ? -accuracy.value : null),
  latency: ({ latency }) => latency?.ms ?? null,
  size: ({ row }) => row.entry.sizeBytes,
  parameters: ({ row }) => row.entry.parameters,
  date: ({ row }) => -Date.parse(row.entry.date),
  name: null,
} as const satisfies Readonly<Record<Sort, ((selected: Selected) => number | null) | null>>
