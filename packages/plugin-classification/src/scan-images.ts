import { createHash } from 'node:crypto'
import { type FileHandle, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Hash, SkippedFile } from '@mnas/core/contracts'
import { reasonOf } from '@mnas/core/files'
import { decodeFailure, decodeImage } from './decode-image.js'
import { type ByteSource, edgeBytes, type ImageHeader, readImageHeader } from './image-header.js'
import type { FoundFile } from './list-images.js'
import { mapConcurrently } from './map-concurrently.js'
import type { Size } from './preprocessing.js'

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

interface ScannedFile {
  readonly identity: string
  readonly header: ImageHeader
}

/** Files open at once. */
const concurrency = 16
/** Size of the trial decode of a file whose end looks odd. */
const trialSize = 32

/** Looks at both ends of every file: what it is, whether it can be used, and what identifies it. Only doubtful files are decoded. */
export async function scanImages(
  folder: string,
  files: readonly FoundFile[],
  options: { readonly report?: (event: { done: number; total: number }) => void; readonly signal?: AbortSignal } = {},
): Promise<Scan> {
  let done = 0
  const scanned = await mapConcurrently(files, concurrency, async (file) => {
    options.signal?.throwIfAborted()
    const result = await scanFile(join(folder, file.path))
    options.report?.({ done: ++done, total: files.length })
    return result
  })
  const hash = createHash('sha256').update('image-folder/1\n')
  const images: ImageFile[] = []
  const skipped: SkippedFile[] = []
  for (const [index, { identity, header }] of scanned.entries()) {
    const file = files[index]!
    hash.update(`${file.path.normalize('NFC')}\0${identity}\n`)
    if (header.usable) images.push({ ...file, width: header.width, height: header.height })
    else skipped.push({ file: file.path, reason: header.reason })
  }
  return { fingerprint: hash.digest('hex'), images, skipped }
}

export async function scanFile(path: string): Promise<ScannedFile> {
  let handle: FileHandle | undefined
  try {
    handle = await open(path, 'r')
    const source = byteSource(handle, (await handle.stat()).size)
    const head = await source.read(0, edgeBytes)
    const tail = source.sizeBytes <= edgeBytes ? head : await source.read(source.sizeBytes - edgeBytes, edgeBytes)
    const digest = createHash('sha256').update(head).update(tail).digest('hex')
    const header = await readImageHeader(source, head, tail)
    return { identity: `${source.sizeBytes}\0${digest}`, header: await settle(path, header) }
  } catch (error) {
    return { identity: 'unreadable', header: { usable: false, reason: reasonOf(error) } }
  } finally {
    await handle?.close()
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
