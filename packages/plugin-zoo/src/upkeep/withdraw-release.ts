import type { ZooStore } from '@mnas/core/contracts'
import { storeErrors } from '@mnas/core/errors'
import type { EntrySummary } from '../catalogue/catalogue-schema.js'
import { changeCatalogue } from '../catalogue/change-catalogue.js'
import { catalogueErrors } from '../catalogue/errors.js'
import { shardOf } from '../catalogue/keys.js'
import { eachOf } from '../parallel/each-of.js'
import type { Zoo } from '../zoos/zoo.js'

export interface Withdrawal {
  readonly name: string
  readonly release: string
  /** Null: it is taken back. */
  readonly reason: string | null
}

export interface Withdrawn {
  /** False: it was so already. */
  readonly changed: boolean
  readonly generation: number
  readonly digest: string
}

/**
 * Marks a release as withdrawn, or not any more: it stays where it is, for who has its digest or asks for exactly it, and nobody else finds it.
 * @param sign signs the list
 * @throws MNAS_ZOO_ENTRY_UNKNOWN, MNAS_ZOO_READ_ONLY, MNAS_ZOO_WRITE and what reading a store throws
 */
export async function withdrawRelease(
  store: ZooStore,
  { name, release, reason }: Withdrawal,
  signal: AbortSignal,
  sign?: (stored: Uint8Array) => Promise<Uint8Array>,
): Promise<Withdrawn> {
  if (store.access === 'read') throw storeErrors.MNAS_ZOO_READ_ONLY({ location: store.location })
  let digest = ''
  const change = (entries: readonly EntrySummary[]) => {
    const known = entries.find((entry) => entry.name === name && entry.release === release)
    if (!known) throw unknown(store.location, name, release, entries)
    digest = known.digest
    return known.yanked === reason ? entries : entries.map((entry) => (entry === known ? { ...entry, yanked: reason } : entry))
  }
  return { ...(await changeCatalogue(store, shardOf(name), change, signal, sign)), digest }
}

function unknown(location: string, name: string, release: string, entries: readonly EntrySummary[]): Error {
  const known = entries.filter((entry) => entry.name === name).map((entry) => `${name}@${entry.release}`)
  return catalogueErrors.MNAS_ZOO_ENTRY_UNKNOWN({ reference: `${name}@${release}`, zoos: [location], known })
}

const concurrency = 8

/** Releases whose weights began with those of another, as `owner/name@release`. Every entry of the zoo is read for that. */
export async function dependantsOf(zoo: Zoo, name: string, digest: string, signal: AbortSignal): Promise<readonly string[]> {
  const found = await eachOf(await zoo.entries(), concurrency, signal, async (summary) => {
    const { lineage } = (await zoo.entry(summary)).entry
    const parent = lineage.kind === 'published' ? null : lineage.parent
    const depends = parent !== null && (parent.digest === digest || (parent.digest === null && parent.name === name))
    return depends ? [`${summary.name}@${summary.release}`] : []
  })
  return found.flat().sort()
}
