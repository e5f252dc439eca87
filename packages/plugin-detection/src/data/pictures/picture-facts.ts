import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import type { Size } from '@mnas/core/contracts'
import { reasonOf } from '@mnas/core/files'
import { headerFacts } from '@mnas/images/decoding'
import { turnSize } from '@mnas/images/geometry'
import { edgeBytes, readImageHeader, readJpegHeader } from '@mnas/images/headers'

export interface PictureFacts {
  readonly stored: Size
  /** As shown. */
  readonly upright: Size
}

/** EXIF with a preview in it comes before a JPEG's frame, mostly within so much. */
const jpegBytes = 2 ** 18
/** Opening a pipe must not wait for somebody to write into it. */
const openFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/** Size of a picture, as stored and as shown, from its header; or why it cannot be used. Decoding may still find that it is damaged. */
export async function pictureFacts(file: string): Promise<PictureFacts | { readonly reason: string }> {
  try {
    const descriptor = openSync(file, openFlags)
    try {
      return await factsOf(file, descriptor)
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    return { reason: reasonOf(error) }
  }
}

async function factsOf(file: string, descriptor: number): Promise<PictureFacts | { readonly reason: string }> {
  const stats = fstatSync(descriptor)
  if (!stats.isFile()) return { reason: 'it is no file' }
  const read = (offset: number, length: number): Buffer => {
    const bytes = Buffer.alloc(length)
    return bytes.subarray(0, readSync(descriptor, bytes, 0, length, offset))
  }
  const head = read(0, edgeBytes)
  const header = readImageHeader({ sizeBytes: stats.size, read }, head, read(Math.max(0, stats.size - edgeBytes), edgeBytes))
  if (!header.usable) return header
  const isJpeg = head[0] === 0xff && head[1] === 0xd8
  const jpeg = isJpeg ? readJpegHeader(read(0, jpegBytes)) : undefined
  // What the decoder says of all others: EXIF lies elsewhere in each kind, and AVIF turns by itself.
  const { stored, orientation } = jpeg
    ? { stored: { width: header.width, height: header.height }, orientation: jpeg.orientation }
    : await headerFacts(file)
  return { stored, upright: turnSize(stored, orientation) }
}
