import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ZooStore } from '@mnas/core/contracts'
import { blobKey } from '../catalogue/keys.js'
import type { EntryFile } from '../entry/entry-schema.js'
import { zooErrors } from '../errors.js'

/**
 * A blob of a zoo as a file of a site, whole or not at all, its hash compared on the way. One that is there stays: its name is its hash.
 * @returns bytes that were copied
 * @throws MNAS_ZOO_DAMAGED and what `ZooStore.stream` throws
 */
export async function copyBlob(
  store: ZooStore,
  { sha256, sizeBytes }: Pick<EntryFile, 'sha256' | 'sizeBytes'>,
  path: string,
  signal: AbortSignal,
): Promise<number> {
  if ((await stat(path).catch(() => null))?.size === sizeBytes) return 0
  await mkdir(dirname(path), { recursive: true })
  const temporary = `${path}.${randomUUID().slice(0, 8)}.tmp`
  try {
    const received = await streamTo(temporary, store, sha256, signal)
    if (received !== sha256) {
      const reason = `expected bytes with the sha256 ${sha256}, received ${received}`
      throw zooErrors.MNAS_ZOO_DAMAGED({ location: store.location, key: blobKey(sha256), reason })
    }
    await rename(temporary, path)
    return sizeBytes
  } finally {
    await rm(temporary, { force: true })
  }
}

async function streamTo(path: string, store: ZooStore, sha256: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  const file = await open(path, 'wx')
  try {
    const { pieces } = await store.stream(blobKey(sha256), 0, signal)
    for await (const piece of pieces) {
      hash.update(piece)
      await file.writeFile(piece)
    }
  } finally {
    await file.close()
  }
  return hash.digest('hex')
}
