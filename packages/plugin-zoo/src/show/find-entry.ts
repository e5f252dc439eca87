import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Surroundings } from '@mnas/core/contracts'
import { exists, hashBytes } from '@mnas/core/files'
import type { Registry } from '@mnas/core/plugins'
import { fetchBlob } from '../cache/fetch-blob.js'
import type { EntrySummary } from '../catalogue/catalogue-schema.js'
import { blobKey } from '../catalogue/keys.js'
import type { EntryFile, ZooEntry } from '../entry/entry-schema.js'
import { parseEntry } from '../entry/parse-entry.js'
import { pullErrors } from '../pull/errors.js'
import { resolveReference, zoosOf } from '../pull/find-entry.js'
import { parseReference } from '../reference/parse-reference.js'
import { openZoo, type Zoo } from '../zoos/zoo.js'
import { attestationsIn } from './attested-of.js'

/** An entry that was found, with a way to its files. */
export interface FoundEntry {
  /** As it was asked for. */
  readonly reference: string
  readonly entry: ZooEntry
  readonly digest: string
  /** Where it lies: a zoo, or a folder. */
  readonly zoo: string
  /** All releases of its name there. */
  releases(): Promise<readonly EntrySummary[]>
  /** Files in which others say what they measured of it. */
  attestations(): Promise<readonly Uint8Array[]>
  /** Whole. @throws what fetching throws */
  read(file: EntryFile): Promise<Uint8Array>
}

/** Opens zoos as they are needed, and closes them. */
export interface EntryFinder {
  /**
   * REF: `owner/name@release`, `zoo:…`, or a folder with an entry.json. @throws MNAS_ZOO_REFERENCE, MNAS_ZOO_ENTRY_UNKNOWN,
   * MNAS_ZOO_DAMAGED
   */
  find(reference: string): Promise<FoundEntry>
  close(): Promise<void>
}

export interface FinderOptions {
  readonly registry: Registry
  readonly around: Surroundings
  /** Where to look, in this order. */
  readonly zoos: readonly string[]
  readonly offline: boolean
}

export function entryFinder({ registry, around, zoos: locations, offline }: FinderOptions): EntryFinder {
  const opened = new Map<string, Zoo>()
  const open = async (location: string) => {
    const zoo = opened.get(location) ?? (await openZoo(location, { registry, around, offline }))
    opened.set(location, zoo)
    return zoo
  }
  return {
    async find(reference) {
      const file = join(reference, 'entry.json')
      if (await exists(file)) return inFolder(reference, file)
      const parsed = parseReference(reference)
      if (!parsed) throw pullErrors.MNAS_ZOO_REFERENCE({ received: reference })
      const zoos: Zoo[] = []
      for (const location of zoosOf(parsed, locations)) zoos.push(await open(location))
      const { zoo, summary } = await resolveReference(parsed, zoos)
      return inZoo(reference, zoo, summary, around)
    },
    async close() {
      for (const zoo of opened.values()) await zoo.close()
    },
  }
}

async function inFolder(folder: string, file: string): Promise<FoundEntry> {
  const bytes = await readFile(file)
  const entry = parseEntry(bytes, { location: folder, key: 'entry.json' })
  const read = ({ path }: EntryFile) => readFile(join(folder, path))
  return {
    reference: folder,
    entry,
    digest: hashBytes(bytes),
    zoo: folder,
    releases: async () => [],
    attestations: async () => [],
    read,
  }
}

async function inZoo(reference: string, zoo: Zoo, summary: EntrySummary, around: Surroundings): Promise<FoundEntry> {
  const { entry } = await zoo.entry(summary)
  const { cacheFolder, signal } = around
  return {
    ...{ reference, entry, digest: summary.digest, zoo: zoo.location },
    releases: () => zoo.releasesOf(entry.name),
    attestations: () => attestationsIn(zoo.store, entry),
    read: async (file) => readFile(await fetchBlob(cacheFolder, zoo.store, blobKey(file.sha256), file, signal)),
  }
}
