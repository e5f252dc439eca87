import { hash } from 'node:crypto'
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { decodeFailure, decodeImage } from '../decoding/decode-image.js'
import type { ImageHeader } from '../headers/byte-source.js'
import { edgeBytes, readImageHeader } from '../headers/image-header.js'

/** What both ends of a file say. */
export interface SeenFile {
  readonly sizeBytes: number
  readonly modifiedMs: number
  /** sha256 of its first and last 4 KiB. */
  readonly digest: Uint8Array
  readonly header: ImageHeader
}

/** Opening a pipe must not wait for somebody to write into it. */
const openFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)
/** Size of the trial decode of a file whose end looks odd. */
const trialSize = 32

/** Both ends of the file in hand. */
const edges = Buffer.allocUnsafe(2 * edgeBytes)

/**
 * Looks at both ends of a file. Synchronous: it takes some ten microseconds, as promises ten times that.
 * @throws what reading throws
 */
export function lookAtFile(path: string): SeenFile {
  const file = openSync(path, openFlags)
  try {
    const stats = fstatSync(file)
    if (stats.isFIFO() || stats.isCharacterDevice()) throw new Error('it is a pipe or a device')
    const { size, mtimeMs } = stats
    const headLength = readSync(file, edges, 0, edgeBytes, 0)
    const head = edges.subarray(0, headLength)
    const tailLength =
      size <= edgeBytes ? head.copy(edges, headLength) : readSync(file, edges, headLength, edgeBytes, size - edgeBytes)
    const both = edges.subarray(0, headLength + tailLength)
    const header = readImageHeader({ sizeBytes: size, read: readerOf(file) }, head, both.subarray(headLength))
    return { sizeBytes: size, modifiedMs: mtimeMs, digest: hash('sha256', both, 'buffer'), header }
  } finally {
    closeSync(file)
  }
}

function readerOf(file: number) {
  return (offset: number, length: number): Buffer => {
    const bytes = Buffer.allocUnsafe(length)
    return bytes.subarray(0, readSync(file, bytes, 0, length, offset))
  }
}

/** Whether a file whose end mark is not where it belongs can be decoded: undefined, or why not. */
export async function tryToDecode(path: string): Promise<string | undefined> {
  try {
    await decodeImage(await readFile(path), trialSize)
    return undefined
  } catch (error) {
    return decodeFailure(error)
  }
}

/** Why a file cannot be used as far as its first bytes say, or undefined. @throws what reading throws */
export function whyUnusable(path: string): string | undefined {
  const { header } = lookAtFile(path)
  return header.usable ? undefined : header.reason
}
