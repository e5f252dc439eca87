import { createReadStream } from 'node:fs'
import { open, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { FileSource, StoredFile, ZooStore } from '@mnas/core/contracts'
import { isMnasError, storeErrors } from '@mnas/core/errors'
import { exists, hashBytes, reasonOf, writeAtomic } from '@mnas/core/files'
import { whileLocked } from '@mnas/core/storage'
import { zooKey } from '../../catalogue/keys.js'
import { isEntryPath } from '../../entry/paths.js'
import { createOnce } from './create-once.js'

/**
 * @param folder from the root on
 * @param shown as the user wrote it
 */
export function folderStore(folder: string, shown: string): ZooStore {
  const pathOf = (key: string) => pathIn(folder, key)
  const cannotWrite = cannotWriteInto(shown)
  const read = (key: string, maxBytes: number) => readWhole(pathOf(key), { location: shown, key }, maxBytes)
  // SQLite's file is no key: its name begins with a dot.
  const locked = <T>(key: string, work: () => Promise<T>) => whileLocked(join(folder, '.lock'), work).catch(cannotWrite(key))
  /** Since the list was last replaced: the next one may name them. */
  const created = new Map<string, FileSource>()
  const create = async (key: string, source: FileSource) => {
    const isSame = await createOnce(folder, pathOf(key), source).catch(cannotWrite(key))
    if (!isSame) throw storeErrors.MNAS_ZOO_TAKEN({ location: shown, key })
    created.set(key, source)
  }
  const swap = async (key: string, bytes: Uint8Array, expected: string | null) => {
    const found = await read(key, Number.POSITIVE_INFINITY)
    if ((found?.tag ?? null) !== expected) return 'another'
    for (const [one, source] of created) if (!(await exists(pathOf(one)))) return { key: one, source }
    await writeAtomic(pathOf(key), bytes)
    return 'replaced'
  }
  return {
    location: shown,
    access: 'write',
    read,
    async stream(key, from, signal) {
      const path = pathOf(key)
      const size = await sizeOf(path, { location: shown, key })
      if (size === null) throw storeErrors.MNAS_ZOO_MISSING({ location: shown, key })
      const start = from <= size ? from : 0
      return { from: start, pieces: piecesOf(path, start, signal, { location: shown, key }) }
    },
    create,
    async replace(key, bytes, expected) {
      let outcome = await locked(key, () => swap(key, bytes, expected))
      for (; typeof outcome === 'object'; outcome = await locked(key, () => swap(key, bytes, expected)))
        // Whoever removes what no list names has taken it, and could not know that this one will name it.
        await create(outcome.key, outcome.source)
      if (outcome === 'replaced') created.clear()
      return outcome === 'replaced'
    },
    async flush() {},
    async remove(key, list) {
      created.delete(key)
      const isTheList = async () => list === undefined || (await read(zooKey, Number.POSITIVE_INFINITY))?.tag === list
      return locked(key, async () => {
        if (!(await isTheList())) return false
        await rm(pathOf(key), { force: true })
        return true
      })
    },
    list: (prefix) => listKeys(folder, prefix).catch(refused({ location: shown, key: prefix })),
    async close() {},
  }
}

function pathIn(folder: string, key: string): string {
  if (!isEntryPath(key)) throw new Error(`"${key}" is no key of a zoo`)
  return join(folder, key)
}

const cannotWriteInto =
  (location: string) =>
  (key: string) =>
  (error: unknown): never => {
    if (isMnasError(error) && error.code.startsWith('MNAS_ZOO_')) throw error
    const cause = isMnasError(error) ? (error.cause ?? error) : error
    throw storeErrors.MNAS_ZOO_WRITE({ location, key, reason: reasonOf(cause) }, error)
  }

/** Which file of which zoo, for errors. */
interface Place {
  readonly location: string
  readonly key: string
}

const missing = new Set(['ENOENT', 'ENOTDIR'])
const isMissing = (error: unknown) => missing.has((error as NodeJS.ErrnoException).code ?? '')

const refused =
  ({ location, key }: Place) =>
  (error: unknown): never => {
    const denied = ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')
    if (denied)
      throw storeErrors.MNAS_ZOO_REFUSED(
        { location, key, reason: reasonOf(error), hint: 'Change the rights of the folder.' },
        error,
      )
    throw storeErrors.MNAS_ZOO_UNREACHABLE({ location, key, reason: reasonOf(error) }, error)
  }

async function sizeOf(path: string, place: Place): Promise<number | null> {
  const found = await stat(path).catch((error: unknown) => (isMissing(error) ? null : refused(place)(error)))
  if (found === null || found.isFile()) return found?.size ?? null
  return refused(place)(new Error('it is no file'))
}

async function readWhole(path: string, place: Place, maxBytes: number): Promise<StoredFile | null> {
  const size = await sizeOf(path, place)
  if (size === null) return null
  if (size > maxBytes) throw storeErrors.MNAS_ZOO_TOO_LARGE({ ...place, limit: maxBytes, received: `${size}` })
  // Of that size and no more, whatever is put in its place meanwhile.
  const file = await open(path).catch((error: unknown) => (isMissing(error) ? null : refused(place)(error)))
  if (file === null) return null
  try {
    const { size: opened } = await file.stat()
    const bytes = new Uint8Array(Math.min(opened, maxBytes))
    let filled = 0
    while (filled < bytes.length) {
      const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return { bytes: bytes.subarray(0, filled), tag: hashBytes(bytes.subarray(0, filled)) }
  } catch (error) {
    return refused(place)(error)
  } finally {
    await file.close()
  }
}

async function* piecesOf(path: string, start: number, signal: AbortSignal, place: Place): AsyncIterable<Uint8Array> {
  try {
    for await (const piece of createReadStream(path, { start, signal })) yield piece as Uint8Array
  } catch (error) {
    signal.throwIfAborted()
    refused(place)(error)
  }
}

/** Names that are no keys (locks, temporary files, what a system puts into folders) are not seen. */
async function listKeys(folder: string, prefix: string): Promise<readonly string[]> {
  const start = prefix.includes('/') ? dirname(`${prefix}x`) : '.'
  const found = await readdir(join(folder, start), { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return []
    throw error
  })
  const keys = found.flatMap((entry) => {
    const path = relative(folder, join(entry.parentPath, entry.name))
    return entry.isFile() ? [path.replaceAll('\\', '/')] : []
  })
  return keys.filter((key) => key.startsWith(prefix) && isEntryPath(key))
}
