import { formatTable } from '@mnas/core/text'
import semver from 'semver'
import type { EntrySummary } from '../catalogue/catalogue-schema.js'
import { showErrors } from './errors.js'

/** One claim of one release. */
export interface HistoryRow {
  readonly release: string
  readonly yanked: boolean
  readonly basis: 'measured' | 'published' | 'attested'
  /** What it is of: images, or a device. */
  readonly on: string
  /** Of the file; null: of the weights. */
  readonly precision: string | null
  readonly value: number
}

/** What `--history` calls the latency, in ms. */
export const latencyMetric = 'latency'

/**
 * A number over the releases of an entry, oldest first: of one release what is measured before what is published, never mixed.
 * @throws MNAS_ZOO_HISTORY
 */
export function historyOf(name: string, releases: readonly EntrySummary[], metric: string): readonly HistoryRow[] {
  const inOrder = releases.toSorted((a, b) => semver.compare(a.release, b.release))
  const rows = inOrder.flatMap((release) => rowsOf(release, metric).sort((a, b) => (a.basis < b.basis ? -1 : 1)))
  if (rows.length > 0) return rows
  const metrics = releases.flatMap(({ accuracy }) => accuracy.flatMap((claim) => Object.keys(claim.metrics)))
  const timed = releases.some(({ latency }) => latency.length > 0)
  const known = [...new Set([...metrics, ...(timed ? [latencyMetric] : [])])]
  throw showErrors.MNAS_ZOO_HISTORY({ name, received: metric, known })
}

function rowsOf({ release, yanked, accuracy, latency }: EntrySummary, metric: string): HistoryRow[] {
  const of = { release, yanked: yanked !== null }
  if (metric === latencyMetric)
    return latency.map(({ basis, device, precision, ms, emulated, accelerator, threads }) => ({
      ...of,
      ...{ basis, precision, value: ms },
      on: `${device}${emulated ? ' (emulated)' : ''}, ${accelerator}, ${threads} thread${threads === 1 ? '' : 's'}`,
    }))
  return accuracy.flatMap(({ basis, dataset, images, precision, metrics }) => {
    const value = Object.hasOwn(metrics, metric) ? metrics[metric] : undefined
    return value === undefined ? [] : [{ ...of, basis, on: `${dataset}, ${images} images`, precision, value }]
  })
}

export const describeHistory = (rows: readonly HistoryRow[], metric: string): readonly string[] =>
  formatTable(
    ['release', 'basis', metric, 'file', 'on'],
    rows.map(({ release, yanked, basis, value, precision, on }) => [
      yanked ? `${release} (withdrawn)` : release,
      basis,
      metric === latencyMetric ? `${value.toPrecision(3)} ms` : value.toFixed(4),
      precision ?? 'weights',
      on,
    ]),
    ['release', 'basis', 'file', 'on'],
  )
