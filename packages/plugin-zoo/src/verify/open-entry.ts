import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Surroundings } from '@mnas/core/contracts'
import { exists } from '@mnas/core/files'
import type { Registry } from '@mnas/core/plugins'
import { parseReference } from '../reference/parse-reference.js'
import { entryFile } from '../signatures/sign-files.js'
import { resolveEntry } from '../zoos/resolve-entry.js'
import { openZoo, type Zoo } from '../zoos/zoo.js'
import { type EntryFolder, openEntryFolder } from './entry-folder.js'
import { verifyErrors } from './errors.js'
import { withEntryFolder } from './fetch-entry-folder.js'

export interface EntryWish {
  /** A folder with entry.json, or what an entry is called by. */
  readonly argument: string
  /** Where entries are looked for, in this order. */
  readonly zoos: readonly string[]
  readonly offline: boolean
  readonly registry: Registry
  readonly around: Surroundings
}

/**
 * The entry that an argument means, with its files, for as long as `use` takes.
 * @throws MNAS_ZOO_ENTRY_FOLDER for what is neither, MNAS_ZOO_ENTRY_UNKNOWN, and what reading a zoo throws
 */
export async function withEntry<T>(
  { argument, zoos: locations, offline, registry, around }: EntryWish,
  use: (at: EntryFolder) => Promise<T>,
): Promise<T> {
  if (await exists(join(argument, entryFile))) return use(await openEntryFolder(argument))
  const reference = parseReference(argument)
  if (reference?.kind !== 'zoo' || (await isFolder(argument)))
    throw verifyErrors.MNAS_ZOO_ENTRY_FOLDER({ folder: argument, reason: `it has no ${entryFile}, and is no reference` })
  const zoos: Zoo[] = []
  try {
    for (const location of locations) zoos.push(await openZoo(location, { registry, around, offline }))
    return await withEntryFolder(await resolveEntry(zoos, reference), around.cacheFolder, around.signal, use)
  } finally {
    for (const zoo of zoos) await zoo.close()
  }
}

const isFolder = async (path: string): Promise<boolean> => (await stat(path).catch(() => null))?.isDirectory() ?? false
