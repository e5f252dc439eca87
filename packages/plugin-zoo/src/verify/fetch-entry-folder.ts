import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ZooStore } from '@mnas/core/contracts'
import { fetchBlob } from '../cache/fetch-blob.js'
import { blobKey, signatureKey } from '../catalogue/keys.js'
import type { ZooEntry } from '../entry/entry-schema.js'
import { eachOf } from '../parallel/each-of.js'
import { copyChecked } from '../pull/copy-checked.js'
import { attestationsIn } from '../show/attested-of.js'
import { largestSignature } from '../signatures/read-signature.js'
import { entryFile } from '../signatures/sign-files.js'
import type { ResolvedEntry } from '../zoos/resolve-entry.js'
import { attestationsFolder, type EntryFolder, openEntryFolder, signatureFile } from './entry-folder.js'

/** Files that are fetched at once. */
const concurrency = 4

/**
 * An entry with its files, byte for byte as published, for as long as `use` takes: a pulled bundle says in its model.json where
 * it comes from.
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
    const { bytes, entry } = await zoo.entry(summary)
    await writeFile(join(folder, entryFile), bytes)
    const signature = await zoo.store.read(signatureKey(entry.name, entry.release), largestSignature)
    if (signature) await writeFile(join(folder, signatureFile), signature.bytes)
    await fetchAttestations(zoo.store, entry, join(folder, attestationsFolder))
    await eachOf(entry.files, concurrency, signal, async (file) => {
      const to = join(folder, ...file.path.split('/'))
      await mkdir(dirname(to), { recursive: true })
      const fetch = () => fetchBlob(cacheFolder, zoo.store, blobKey(file.sha256), file, signal)
      await copyChecked(file, to, fetch)
    })
    return await use(await openEntryFolder(folder))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function fetchAttestations(store: ZooStore, entry: ZooEntry, to: string): Promise<void> {
  const files = await attestationsIn(store, entry)
  if (files.length > 0) await mkdir(to, { recursive: true })
  for (const [i, bytes] of files.entries()) await writeFile(join(to, `${i}.json`), bytes)
}
