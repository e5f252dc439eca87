import { constants } from 'node:fs'
import { copyFile, rm } from 'node:fs/promises'
import { coreErrors } from '@mnas/core/errors'
import { hashFile } from '@mnas/core/files'
import type { Blob } from '../cache/fetch-blob.js'

/**
 * A copy of a blob of the cache (of the disk's blocks, where the file system can), checked: a cache that was damaged meanwhile is found out here,
 * and the blob fetched once more.
 * @param fetch gives the blob's path in the cache
 * @throws MNAS_BLOB_DAMAGED when the second one is damaged too
 */
export async function copyChecked<T extends Blob>(file: T, to: string, fetch: (file: T) => Promise<string>): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const blob = await fetch(file)
    await copyFile(blob, to, constants.COPYFILE_FICLONE)
    const received = await hashFile(to)
    if (received === file.sha256) return
    if (attempt === 1) throw coreErrors.MNAS_BLOB_DAMAGED({ path: blob, expected: file.sha256, received })
    await rm(blob, { force: true })
  }
}
