import { hashBytes } from '@mnas/core/files'
import { blobKey, entryKey } from '#internal/catalogue/keys.js'
import { readCatalogue, readHashedFrom, readShard } from '#internal/catalogue/read-catalogue.js'
import { parseEntry } from '#internal/entry/parse-entry.js'
import { folderStore } from '#internal/stores/folder/folder-store.js'

/** Reads everything that the list of a zoo names, down to the last byte. @returns its releases. @throws when anything is not whole */
export async function readWholeZoo(folder: string): Promise<readonly string[]> {
  const store = folderStore(folder, folder)
  const read = readHashedFrom(store)
  const catalogue = await readCatalogue(store)
  if (catalogue === null) return []
  const releases: string[] = []
  for (const shard of Object.keys(catalogue.list.shards))
    for (const { name, release, digest, entryBytes } of await readShard(catalogue.list, shard, folder, read)) {
      const key = entryKey(name, release)
      const entry = parseEntry(await read(key, digest, entryBytes), { location: folder, key })
      for (const file of entry.files) await read(blobKey(file.sha256), file.sha256, file.sizeBytes)
      releases.push(`${name}@${release}`)
    }
  if (releases.length !== catalogue.list.entries) throw new Error(`the list counts ${catalogue.list.entries} entries`)
  if (hashBytes(catalogue.stored) !== catalogue.tag) throw new Error('the list is not what it was')
  return releases
}
