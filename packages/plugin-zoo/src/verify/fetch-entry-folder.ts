import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fetchBlob } from '../cache/fetch-blob.js'
import { blobKey } from '../catalogue/keys.js'
import { eachOf } from '../parallel/each-of.js'
import { copyChecked } from '../pull/copy-checked.js'
import { attestationsIn } from '../show/attested-of.js'
import type { ResolvedEntry } from '../zoos/resolve-entry.js'
import type { EntryFolder } from './entry-folder.js'

/** Files that are fetched at once. */
const concurrency = 4

/**
 * An entry with its files, byte for byte as published, for as long as `use` takes: a pulled bundle says in its model.json where it comes from. Only
 * files lie in the folder: what the entry is, who signed it and what others attest is told as it was read, and no file can take its place.
 * @throws MNAS_ZOO_HASH, MNAS_ZOO_DAMAGED, and what reading a zoo throws
 */
export async function withEntryFolder<T>(
  { zoo, summary }: ResolvedEntry,
  cacheFolder: string,
  signal: AbortSignal,
  use: (at: EntryFolder) => Promise<T>,
): Promise<T> {
  await mkdir(cacheFolder, { recursive: true })
  const folder = await mkdtemp(join(cacheFolder, 'verify-'))
  try {
    const { bytes: entryBytes, entry } = await zoo.entry(summary)
    const signature = await zoo.signature(summary, entryBytes, entry)
    const attestations = zoo.offline ? 'unseen' : await attestationsIn(zoo.store, entry)
    await eachOf(entry.files, concurrency, signal, async (file) => {
      const to = join(folder, ...file.path.split('/'))
      await mkdir(dirname(to), { recursive: true })
      const fetch = () => fetchBlob(cacheFolder, zoo.store, blobKey(file.sha256), file, signal)
      await copyChecked(file, to, fetch)
    })
    return await use({ folder, entry, entryBytes, digest: summary.digest, signature, attestations })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
