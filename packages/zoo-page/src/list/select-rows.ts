import { accuraciesOfTimed, isOfSameFile } from '@mnas/plugin-zoo'
import type { Filters, Sort } from './filters.js'
import { type AccuracySummary, deviceOf, type LatencySummary, type Row } from './rows.js'

/** Numbers of claims, which say what they are. Of two the accuracy is that of the file that was timed, else that of the weights. */
interface Numbers {
  readonly accuracy: { readonly claim: AccuracySummary; readonly value: number } | null
  readonly latency: LatencySummary | null
}

/** A row with the numbers that the filters ask for: the best of its claims. */
export interface Selected extends Numbers {
  readonly row: Row
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
    const best = bestNumbers(row, filters, metric)
    if (best) selected.push({ row, ...best })
  }
  return sorted(selected, filters.sort)
}

/** What an accuracy is of that is not of the file whose latency stands beside it; null: it is of that file, or alone. */
export function ofOther({ accuracy, latency }: Numbers): string | null {
  if (!accuracy || !latency || isOfSameFile(accuracy.claim, latency)) return null
  return accuracy.claim.basis === 'published' ? 'of the architecture' : 'of the weights'
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

/** null: nothing of it is as it is asked for. */
function bestNumbers({ entry }: Row, filters: Filters, metric: string): Numbers | null {
  const { basis, dataset, device } = filters
  const isSaid = (claim: { readonly basis: string }) => basis === '' || claim.basis === basis
  const claims = entry.accuracy.filter(
    (claim) => isSaid(claim) && (dataset === '' || claim.dataset === dataset) && Object.hasOwn(claim.metrics, metric),
  )
  if (device === '') return best(claims, null, filters, metric, null)
  let found: Numbers | null = null
  for (const latency of entry.latency)
    if (deviceOf(latency) === device && isSaid(latency)) found = best(beside(claims, latency), latency, filters, metric, found)
  return found
}

/** Of the basis of the latency, where there is one; the badges say what is another. */
function beside(claims: readonly AccuracySummary[], latency: LatencySummary): readonly AccuracySummary[] {
  const alike = accuraciesOfTimed(
    claims.filter(({ basis }) => basis === latency.basis),
    latency,
  )
  return alike.length > 0 ? alike : accuraciesOfTimed(claims, latency)
}

/** The best of what was found so far and of what claims say beside a latency, as far as it is as it is asked for. */
function best(
  claims: readonly AccuracySummary[],
  latency: LatencySummary | null,
  filters: Filters,
  metric: string,
  found: Numbers | null,
): Numbers | null {
  const { least, maxMs, sort } = filters
  if (latency !== null && maxMs !== null && latency.ms > maxMs) return found
  if (claims.length === 0) {
    if (least !== null || filters.dataset !== '') return found
    const alone = { accuracy: null, latency }
    return found === null || isBetter(alone, found, sort) ? alone : found
  }
  let kept = found
  for (const claim of claims) {
    const value = claim.metrics[metric]!
    if (least !== null && value < least) continue
    const numbers = { accuracy: { claim, value }, latency }
    if (kept === null || isBetter(numbers, kept, sort)) kept = numbers
  }
  return kept
}

/** By what is sorted by, the accuracy before the latency. */
function isBetter(one: Numbers, other: Numbers, sort: Sort): boolean {
  const [more, faster] = [shareOf(one) - shareOf(other), msOf(other) - msOf(one)]
  return sort === 'latency' ? faster > 0 || (faster === 0 && more > 0) : more > 0 || (more === 0 && faster > 0)
}

/** Less than any. */
const shareOf = ({ accuracy }: Numbers) => accuracy?.value ?? -Number.MAX_VALUE
const msOf = ({ latency }: Numbers) => latency?.ms ?? Number.MAX_VALUE

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
