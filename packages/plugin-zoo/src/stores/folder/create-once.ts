import { randomUUID } from 'node:crypto'
import { copyFile, link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { FileSource } from '@mnas/core/contracts'
import { exists, hashFile } from '@mnas/core/files'
import { whileLocked } from '@mnas/core/storage'

/** On the same disk as what it becomes, and of a name that is no key. */
const temporaryFolder = (folder: string) => join(folder, '.tmp')
const abandonedMs = 24 * 3600 * 1000

/**
 * Creates a file below a folder, whole or not at all, and never over another: written under another name, synced, linked. Of two that create it at
 * once the second finds it there.
 * @returns false when it is there with other bytes
 */
export async function createOnce(folder: string, path: string, source: FileSource): Promise<boolean> {
  if (await exists(path)) return isSame(path, source)
  const temporaries = temporaryFolder(folder)
  await Promise.all([mkdir(temporaries, { recursive: true }), mkdir(dirname(path), { recursive: true })])
  await removeAbandoned(temporaries)
  const temporary = join(temporaries, randomUUID())
  try {
    await write(temporary, source)
    if (!(await appear(folder, temporary, path))) return await isSame(path, source)
    await syncFolder(dirname(path))
    return true
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined)
  }
}

/** @returns false when something is there already */
async function appear(folder: string, temporary: string, path: string): Promise<boolean> {
  try {
    await link(temporary, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    // A file system without links: there the lock keeps others away between the look and the rename.
    return whileLocked(join(folder, '.lock'), async () => {
      if (await exists(path)) return false
      await rename(temporary, path)
      return true
    })
  }
}

async function write(path: string, source: FileSource): Promise<void> {
  if ('path' in source) await copyFile(source.path, path)
  const file = await open(path, 'path' in source ? 'r+' : 'wx')
  try {
    if ('bytes' in source) await file.writeFile(source.bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function isSame(path: string, source: FileSource): Promise<boolean> {
  if ('bytes' in source) return Buffer.from(source.bytes).equals(await readFile(path))
  const [there, wanted] = await Promise.all([stat(path), stat(source.path)])
  return there.size === wanted.size && (await hashFile(path)) === (await hashFile(source.path))
}

/** What processes left that were killed while they wrote. A day later nobody is still at it. */
async function removeAbandoned(temporaries: string): Promise<void> {
  for (const name of await readdir(temporaries)) {
    const path = join(temporaries, name)
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }))
    if (Date.now() - mtimeMs > abandonedMs) await rm(path, { force: true }).catch(() => undefined)
  }
}

/** A new name survives a power cut only when its folder is synced; Windows has no such call. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
