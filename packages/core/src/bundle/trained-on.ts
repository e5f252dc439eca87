import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeAtomic } from '../files/index.js'
import { bundleLocalFolder } from './data-folder.js'

const file = (bundleFolder: string) => join(bundleLocalFolder(bundleFolder), 'trained-on.bin')

/**
 * Remembers which images a bundle has seen in its training, beside it on this computer.
 * @param identities as Dataset.identities gives them
 * @throws MNAS_FILE_WRITE
 */
export async function recordTrainedOn(bundleFolder: string, identities: BigUint64Array): Promise<void> {
  const { buffer, byteOffset, byteLength } = identities
  await writeAtomic(file(bundleFolder), new Uint8Array(buffer, byteOffset, byteLength))
}

/** How many of some images are among those that were trained on. */
export const countSeen = (identities: BigUint64Array, seen: ReadonlySet<bigint>): number =>
  identities.reduce((sum, identity) => sum + (seen.has(identity) ? 1 : 0), 0)

/** What recordTrainedOn wrote, or null when nobody knows (any more). */
export async function readTrainedOn(bundleFolder: string): Promise<ReadonlySet<bigint> | null> {
  const bytes = await readFile(file(bundleFolder)).catch(() => null)
  if (bytes === null || bytes.length % BigUint64Array.BYTES_PER_ELEMENT !== 0) return null
  return new Set(new BigUint64Array(Uint8Array.from(bytes).buffer))
}
