import { formatSize } from '@mnas/core/config'
import { formatTable } from '@mnas/core/text'
import { isOfSameFile } from '../catalogue/accuracy-of-timed.js'
import type { KnownDevice } from './device-names.js'
import { basisOf } from './order.js'
import type { Basis, SearchRow } from './search-rows.js'
import type { SearchResult } from './search-zoos.js'

const inWords = {
  measured: 'Measured by mnas',
  attested: 'Measured again by somebody else',
  published: 'Published elsewhere, not measured',
} as const satisfies Record<Basis, string>

/** For people: a table for each basis of the number that is sorted by. */
export function describeSearch({ rows, order }: SearchResult, limit: number, near: readonly KnownDevice[]): readonly string[] {
  if (rows.length === 0) return ['Nothing fits.', ...(near.length > 0 ? ['', 'Measured were:', ...describeDevices(near)] : [])]
  const shown = rows.slice(0, limit)
  const tables: string[] = []
  for (let at = 0; at < shown.length; ) {
    const basis = basisOf(shown[at]!, order.field)
    const end = shown.findIndex((row, index) => index > at && basisOf(row, order.field) !== basis)
    const group = shown.slice(at, end === -1 ? shown.length : end)
    if (at > 0) tables.push('')
    if (basis !== null) tables.push(`${inWords[basis]}:`)
    else if (at > 0) tables.push(`Nobody says ${order.field} of these:`)
    tables.push(...table(group, order.field))
    at += group.length
  }
  const more = rows.length - shown.length
  const datasets = new Set(shown.flatMap(({ accuracy }) => (accuracy ? [accuracy.dataset] : [])))
  return [
    ...tables,
    ...(more > 0 ? [`and ${more} more (--limit)`] : []),
    ...(datasets.size > 1 ? ["These are of different images; --where 'dataset==NAME' keeps those that can be compared."] : []),
  ]
}

export function describeDevices(devices: readonly KnownDevice[]): readonly string[] {
  const rows = devices.map(({ device, soc, emulated, entries }) => [device, soc ?? '', `${entries}`, emulated ? 'emulated' : ''])
  return formatTable(['DEVICE', 'CHIP', 'ENTRIES', ''], rows, ['DEVICE', 'CHIP', ''])
}

const names = ['NAME', 'BASIS', 'FILE', 'DATASET', 'LICENCE', 'DEVICE']

function table(rows: readonly SearchRow[], sortedBy: string): readonly string[] {
  const metric = metricShown(rows, sortedBy)
  const judged = rows.some(({ accuracy }) => accuracy !== null)
  const timed = rows.some(({ latency }) => latency !== null)
  const claims = judged || timed ? ['BASIS', 'FILE'] : []
  const accuracy = judged ? [metric.toUpperCase()] : []
  const times = timed ? ['MS', 'DEVICE'] : []
  const header = ['NAME', ...accuracy, ...claims, ...(judged ? ['DATASET'] : []), ...times, 'SIZE', 'LICENCE']
  return formatTable(
    header,
    rows.map((row) => cells(row, metric, { judged, timed })),
    names,
  )
}

function cells(
  row: SearchRow,
  metric: string,
  { judged, timed }: { readonly judged: boolean; readonly timed: boolean },
): readonly string[] {
  const { entry, accuracy, latency } = row
  const value = accuracy && Object.hasOwn(accuracy.metrics, metric) ? accuracy.metrics[metric]!.toPrecision(4) : ''
  const bases = [...new Set([accuracy?.basis, latency?.basis].filter((basis) => basis !== undefined))].join(' + ')
  return [
    `${entry.name}@${entry.release}`,
    ...(judged ? [value] : []),
    ...(judged || timed ? [bases, fileText(row, metric)] : []),
    ...(judged ? [accuracy?.dataset ?? ''] : []),
    ...(timed ? [latency?.ms.toFixed(2) ?? '', deviceText(latency)] : []),
    entry.sizeBytes === null ? '' : formatSize(entry.sizeBytes),
    entry.licence,
  ]
}

/** What the numbers are of; two things, where the file that was timed was not judged. What a paper says is of no file here. */
function fileText({ accuracy, latency }: SearchRow, metric: string): string {
  const known = latency?.precision ?? accuracy?.precision ?? null
  if (accuracy === null) return known ?? ''
  const published = accuracy.basis === 'published'
  if (latency === null || isOfSameFile(accuracy, latency)) return known ?? (published ? '' : 'weights')
  return `${known ?? 'a file'}, ${metric} of the ${published ? 'architecture' : 'weights'}`
}

const deviceText = (latency: SearchRow['latency']) =>
  latency === null
    ? ''
    : `${latency.device}, ${latency.threads} thread${latency.threads === 1 ? '' : 's'}${latency.emulated ? ', emulated' : ''}`

/** The metric that is sorted by, else the first that they have. */
function metricShown(rows: readonly SearchRow[], sortedBy: string): string {
  const known = rows.flatMap(({ accuracy }) => Object.keys(accuracy?.metrics ?? {}))
  return known.includes(sortedBy) ? sortedBy : (known[0] ?? '')
}
