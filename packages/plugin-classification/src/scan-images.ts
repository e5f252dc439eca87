import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { type FileHandle, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Hash, SkippedFile } from '@mnas/core/contracts'
import { reasonOf } from '@mnas/core/files'
import { decodeFailure, decodeImage } from './decode-image.js'
import { type ByteSource, edgeBytes, type ImageHeader, readImageHeader } from './image-header.js'
import type { FoundFile } from './list-images.js'
import { mapConcurrently } from './map-concurrently.js'
import type { Size } from './preprocessing.js'
import { readScanCache, type ScanRow, writeScanCache } from './scan-cache.js'

/** A usable image; width and height as its header states them, before EXIF rotation. */
export interface ImageFile extends FoundFile, Size {}

export interface Scan {
  /**
   * sha256 over (path, size, sha256 of the first and last 4 KiB) of every file found, in order: a copied folder keeps it, whatever
   * happens to times and owners; an added, removed, renamed or re-encoded image changes it.
   */
  readonly fingerprint: Hash
  readonly images: readonly ImageFile[]
  readonly skipped: readonly SkippedFile[]
}

/** What both ends of a file say. */
export interface ScannedFile {
  /** sha256 of its first and last 4 KiB. */
  readonly digest: string
  readonly header: ImageHeader
}

export interface ScanOptions {
  /** Where earlier scans are remembered. */
  readonly cacheFolder: string
  readonly report?: (event: { done: number; total: number }) => void
  readonly signal?: AbortSignal
}

/** Files open at once. */
const concurrency = 16
/** Files looked up between two turns of the event loop. */
const lookedUpAtOnce = 1000
/** Size of the trial decode of a file whose end looks odd. */
const trialSize = 32

/** Looks at both ends of every file: what it is, whether it can be used, and what identifies it. Only doubtful files are decoded. */
export async function scanImages(folder: string, files: readonly FoundFile[], options: ScanOptions): Promise<Scan> {
  const scannedMs = Date.now()
  const { rows, unknown } = await rowsOfEarlierScan(folder, files, options)
  let done = files.length - unknown.length
  const reasons = new Map<number, string>()
  await mapConcurrently(unknown, concurrency, async (index) => {
    options.signal?.throwIfAborted()
    try {
      rows[index] = await scanFile(join(folder, files[index]!.path))
    } catch (error) {
      reasons.set(index, reasonOf(error))
    }
    options.report?.({ done: ++done, total: files.length })
  })
  if (unknown.length > 0) await writeScanCache(options.cacheFolder, folder, files, rows, scannedMs)
  return toScan(files, rows, reasons)
}

/** What is known already, and which files must be read. */
async function rowsOfEarlierScan(folder: string, files: readonly FoundFile[], { cacheFolder, signal }: ScanOptions) {
  const earlier = await readScanCache(cacheFolder, folder)
  const rows: (ScanRow | undefined)[] = []
  const unknown: number[] = []
  for (const [index, { path }] of files.entries()) {
    if (index % lookedUpAtOnce === 0) await new Promise(setImmediate)
    signal?.throwIfAborted()
    const row = earlier.find(path)
    const same = row !== undefined && isUnchanged(join(folder, path), row)
    rows.push(same ? row : undefined)
    if (!same) unknown.push(index)
  }
  return { rows, unknown }
}

/** Synchronous: a look at a file's times takes microseconds, a promise for each of a million files does not. */
function isUnchanged(path: string, { sizeBytes, modifiedMs }: ScanRow): boolean {
  try {
    const found = statSync(path)
    return found.size === sizeBytes && found.mtimeMs === modifiedMs
  } catch {
    return false
  }
}

function toScan(
  files: readonly FoundFile[],
  rows: readonly (ScanRow | undefined)[],
  unreadable: ReadonlyMap<number, string>,
): Scan {
  const hash = createHash('sha256').update('image-folder/1\n')
  const images: ImageFile[] = []
  const skipped: SkippedFile[] = []
  for (const [index, file] of files.entries()) {
    const row = rows[index]
    const identity = row ? `${row.sizeBytes}\0${row.file.digest}` : 'unreadable'
    hash.update(`${file.path.normalize('NFC')}\0${identity}\n`)
    const header = row?.file.header
    if (header?.usable) images.push({ ...file, width: header.width, height: header.height })
    else skipped.push({ file: file.path, reason: header?.reason ?? unreadable.get(index)! })
  }
  return { fingerprint: hash.digest('hex'), images, skipped }
}

/** @throws what reading throws */
export async function scanFile(path: string): Promise<ScanRow> {
  const handle = await open(path, 'r')
  try {
    const { size, mtimeMs } = await handle.stat()
    const source = byteSource(handle, size)
    const head = await source.read(0, edgeBytes)
    const tail = size <= edgeBytes ? head : await source.read(size - edgeBytes, edgeBytes)
    const digest = createHash('sha256').update(head).update(tail).digest('hex')
    const header = await settle(path, await readImageHeader(source, head, tail))
    return { sizeBytes: size, modifiedMs: mtimeMs, file: { digest, header } }
  } finally {
    await handle.close()
  }
}

function byteSource(handle: FileHandle, sizeBytes: number): ByteSource {
  return {
    sizeBytes,
    async read(offset, length) {
      const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, offset)
      return buffer.subarray(0, bytesRead)
    },
  }
}

/** A file without its end mark is tried. */
async function settle(path: string, header: ImageHeader): Promise<ImageHeader> {
  if (!header.usable || header.complete) return header
  try {
    await decodeImage(await readFile(path), trialSize)
    return { ...header, complete: true }
  } catch (error) {
    return { usable: false, reason: decodeFailure(error) }
  }
}
