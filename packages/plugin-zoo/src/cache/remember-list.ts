import { readFile } from 'node:fs/promises'
import { hashBytes, writeAtomic } from '@mnas/core/files'
import { catalogueErrors } from '../catalogue/errors.js'
import { type Catalogue, parseList } from '../catalogue/read-catalogue.js'
import { listPath } from './cache-paths.js'

/**
 * Remembers the newest list of a zoo that this computer saw.
 * @throws MNAS_ZOO_ROLLBACK when this one is older, MNAS_FILE_WRITE
 */
export async function rememberList(cacheFolder: string, location: string, { list, stored }: Catalogue): Promise<void> {
  const seen = await rememberedList(cacheFolder, location)
  const { generation } = list
  const memory = listPath(cacheFolder, location)
  if (seen && generation < seen.list.generation)
    throw catalogueErrors.MNAS_ZOO_ROLLBACK({ location, seen: seen.list.generation, received: generation, memory })
  if (!seen || !Buffer.from(stored).equals(seen.stored)) await writeAtomic(memory, stored)
}

/** Null when none was seen; one that is damaged here counts as none. */
export async function rememberedList(cacheFolder: string, location: string): Promise<Catalogue | null> {
  const stored = await readFile(listPath(cacheFolder, location)).catch(() => null)
  if (stored === null) return null
  try {
    return { list: parseList(stored, location), stored, tag: hashBytes(stored) }
  } catch {
    return null
  }
}
