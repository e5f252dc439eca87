import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { exists } from '@mnas/core/files'
import { withEntry } from '../pull/find-entry.js'
import { parseReference } from '../reference/parse-reference.js'
import { entryFile } from '../signatures/sign-files.js'
import type { ZooOptions } from '../zoos/zoo.js'
import { type EntryFolder, openEntryFolder } from './entry-folder.js'
import { verifyErrors } from './errors.js'
import { withEntryFolder } from './fetch-entry-folder.js'

export interface EntryWish extends ZooOptions {
  /** A folder with entry.json, or what an entry is called by. */
  readonly argument: string
  /** Where entries are looked for, in this order. */
  readonly zoos: readonly string[]
}

/**
 * The entry that an argument means, with its files, for as long as `use` takes.
 * @throws MNAS_ZOO_ENTRY_FOLDER for what is neither, MNAS_ZOO_ENTRY_UNKNOWN, and what reading a zoo throws
 */
export async function withEntryFiles<T>(
  { argument, zoos, ...options }: EntryWish,
  use: (at: EntryFolder) => Promise<T>,
): Promise<T> {
  if (await exists(join(argument, entryFile))) return use(await openEntryFolder(argument))
  const reference = parseReference(argument)
  if (!reference || (await isFolder(argument)))
    throw verifyErrors.MNAS_ZOO_ENTRY_FOLDER({ folder: argument, reason: `it has no ${entryFile}, and is no reference` })
  const { cacheFolder, signal } = options.around
  return withEntry(reference, zoos, options, (found) => withEntryFolder(found, cacheFolder, signal, use))
}

const isFolder = async (path: string): Promise<boolean> => (await stat(path).catch(() => null))?.isDirectory() ?? false
