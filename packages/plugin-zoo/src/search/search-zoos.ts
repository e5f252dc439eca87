import type { Zoo } from '../zoos/zoo.js'
import { searchErrors } from './errors.js'
import { isLicenceAllowed } from './licence-allowed.js'
import { newestOf } from './list-zoos.js'
import { type Order, parseOrder, sorted } from './order.js'
import { fieldsOf, rowsOf, type SearchRow, type ZooRelease } from './search-rows.js'
import { type Condition, holds, matches } from './where/condition.js'
import { parseWhere } from './where/parse-where.js'

export interface SearchWish {
  /** Pattern of names; null: all. */
  readonly name: string | null
  readonly task: string | null
  /** Pattern of devices. */
  readonly device: string | null
  readonly maxLatencyMs: number | null
  /** Names of licences; null: any. */
  readonly licences: readonly string[] | null
  readonly where: string | null
  /** `top1`, `ms:desc`; null: by name. */
  readonly sort: string | null
  readonly mixed: boolean
  readonly emulated: boolean
  /** Every release, not only the newest of a name. */
  readonly all: boolean
}

export interface SearchResult {
  /** In order; one for each release and basis. */
  readonly rows: readonly SearchRow[]
  readonly order: Order
}

/** What there is to search: newest releases, or all; withdrawn ones never. @throws what reading a zoo throws */
export async function releasesOf(zoos: readonly Zoo[], all: boolean): Promise<readonly ZooRelease[]> {
  const releases: ZooRelease[] = []
  for (const zoo of zoos) {
    const entries = (await zoo.entries()).filter(({ yanked }) => yanked === null)
    for (const entry of all ? entries : newestOf(entries)) releases.push({ zoo: zoo.location, entry })
  }
  return releases
}

/** @throws MNAS_ZOO_WHERE, MNAS_ZOO_SEARCH */
export function search(releases: readonly ZooRelease[], wish: SearchWish): SearchResult {
  const metrics = metricsOf(releases)
  const where = wish.where === null ? null : parseWhere(wish.where, metrics)
  const order = parseOrder(wish.sort, metrics)
  if (wish.device === null && (wish.maxLatencyMs !== null || order.field === 'ms')) throw withoutDevice()
  // A condition on latencies alone asks for those of all devices, each in a row of its own.
  const device = wish.device ?? (where && namesLatency(where) ? '*' : null)
  const isLicensed = licenceFilter(wish.licences)
  const rows = releases
    .filter(({ entry }) => isWanted(entry, wish) && isLicensed(entry.licence))
    .flatMap((release) => rowsOf(release, { device, emulated: wish.emulated, mixed: wish.mixed }))
    .filter(({ latency }) => wish.maxLatencyMs === null || (latency !== null && latency.ms <= wish.maxLatencyMs))
    .filter((row) => where === null || holds(where, fieldsOf(row)))
  return { rows: oneEach(sorted(rows, order)), order }
}

const withoutDevice = () =>
  searchErrors.MNAS_ZOO_SEARCH({
    what: 'latency',
    expected: 'a device that was measured',
    received: 'none',
    fix: 'Give --device, e.g. pixel-8 or "pixel*"; --like NAME lists those that were measured.',
  })

const isWanted = (entry: ZooRelease['entry'], { name, task }: SearchWish): boolean =>
  (name === null || matches(entry.name, name)) && (task === null || matches(entry.task, task))

/** Thousands of entries stand under a handful of licences: each is read once. */
function licenceFilter(allowed: readonly string[] | null): (expression: string) => boolean {
  if (allowed === null) return () => true
  const known = new Map<string, boolean>()
  return (expression) => {
    const answer = known.get(expression) ?? isLicenceAllowed(expression, allowed)
    known.set(expression, answer)
    return answer
  }
}

/** The best of a release for each basis: its other claims would only repeat it. */
function oneEach(rows: readonly SearchRow[]): readonly SearchRow[] {
  const seen = new Set<string>()
  return rows.filter(({ zoo, entry, accuracy, latency }) => {
    const key = JSON.stringify([zoo, entry.name, entry.release, accuracy?.basis ?? latency?.basis])
    return !seen.has(key) && seen.add(key)
  })
}

const ofLatency = ['ms', 'device', 'threads', 'accelerator']
function namesLatency(condition: Condition): boolean {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.parts.some(namesLatency)
    case 'not':
      return namesLatency(condition.of)
    case 'compare':
      return ofLatency.includes(condition.field)
    default:
      return condition satisfies never
  }
}

export function metricsOf(releases: readonly ZooRelease[]): readonly string[] {
  const names = new Set<string>()
  for (const { entry } of releases)
    for (const { metrics } of entry.accuracy) for (const name of Object.keys(metrics)) names.add(name)
  return [...names].sort()
}
