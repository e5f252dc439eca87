import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { coreErrors } from '../errors/index.js'

const temporaryName = /\.[0-9a-f]{8}\.tmp$/

/** A name beside `path` that nobody else takes; `removeTemporaries` and `removeAbandoned` know it. */
export const temporaryOf = (path: string): string => `${path}.${randomUUID().slice(0, 8)}.tmp`

/** Whether `temporaryOf` gives such names to what is called `name`. */
export const isTemporaryOf = (found: string, name: string): boolean =>
  temporaryName.test(found) && found.replace(temporaryName, '') === name

/**
 * Writes a file so that it appears whole or not at all: a temporary name beside it, synced, renamed.
 * Missing folders are made; when the write fails they go again.
 * @param data whole, or pieces of text, of which one at a time is asked for
 * @throws MNAS_FILE_WRITE
 */
export async function writeAtomic(path: string, data: Uint8Array | string | Iterable<string>): Promise<void> {
  const temporary = temporaryOf(path)
  let made: string | undefined
  try {
    // Of a relative path Node's mkdir never ends once the working folder is gone.
    made = await mkdir(resolve(dirname(path)), { recursive: true })
    const file = await open(temporary, 'wx')
    try {
      // Each call goes on where the one before ended.
      for (const piece of piecesOf(data)) await file.writeFile(piece)
      await file.sync()
    } finally {
      await file.close()
    }
    await renameOver(temporary, path)
    await syncFolder(dirname(path))
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    if (made !== undefined) await removeEmptyFolders(dirname(path), made)
    throw coreErrors.MNAS_FILE_WRITE({ path, reason: reasonOf(error) }, error)
  }
}

const piecesOf = (data: Uint8Array | string | Iterable<string>) =>
  typeof data === 'string' || data instanceof Uint8Array ? [data] : data

const heldOpen: readonly unknown[] = ['EPERM', 'EACCES', 'EBUSY']
const [attempts, pauseMs] = [20, 100]

/** A rename. On Windows others look into a file that was just written for a moment, and one over it fails as long. */
export async function renameOver(from: string, to: string): Promise<void> {
  for (let left = process.platform === 'win32' ? attempts : 1; ; left--) {
    try {
      return await rename(from, to)
    } catch (error) {
      if (left <= 1 || !heldOpen.includes((error as NodeJS.ErrnoException).code)) throw error
      await delay(pauseMs)
    }
  }
}

/** From `folder` up to `top`, as long as they are empty. */
export async function removeEmptyFolders(folder: string, top: string): Promise<void> {
  try {
    for (let path = resolve(folder); path.length >= resolve(top).length; path = dirname(path)) await rmdir(path)
  } catch {
    // Another process has put something there meanwhile: it stays.
  }
}

/**
 * Removes what processes that were killed while they wrote into a folder have left there. Only for who is the folder's one writer: another's
 * write would fail.
 */
export async function removeTemporaries(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  for (const name of names) if (temporaryName.test(name)) await rm(join(folder, name), { recursive: true, force: true })
}

/** The rename itself survives a power cut only when its folder is synced; Windows has no such call. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would exceed the allowed size',
  ENOTDIR: 'a file stands where a folder is needed',
  EEXIST: 'a file stands where a folder is needed',
  EISDIR: 'a folder stands in its place',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its links lead in a circle',
  EIO: 'the disk reported an error',
}

/** A file-system error in words. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code
  return (code !== undefined && reasons[code]) || (error instanceof Error ? error.message : String(error))
}
