import { type ByteSource, type ImageHeader, refuse } from './byte-source.js'

export const isJpeg = (head: Buffer): boolean => head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff

/** A JPEG whose frame header lies behind more segments than this is hostile or broken. */
const maxSegments = 1000
/** Bytes read at once where the next marker is not at hand; decoders skip some between segments, with a warning. */
const strayBytes = 4096

/**
 * Walks the segments to the frame header (SOF): precision, height, width. Bytes between segments that belong to none are skipped, as decoders
 * do.
 */
export function jpegFrame(source: ByteSource, head: Buffer, tail: Buffer): ImageHeader {
  let at = 2
  for (let segment = 0; segment < maxSegments; segment++) {
    const bytes = at + 12 <= head.length ? head.subarray(at, at + 12) : source.read(at, 12)
    if (bytes.length < 10) return refuse('truncated JPEG')
    const marker = bytes[1]!
    if (bytes[0] !== 0xff || marker === 0 || marker === 0xff) {
      const stray = source.read(at, strayBytes).indexOf(0xff, 1)
      if (stray < 0) return refuse('corrupt JPEG')
      at += stray
      continue
    }
    if (isFrame(marker)) return frame(bytes, tail)
    if (marker === 0xda || marker === 0xd9) return refuse('corrupt JPEG')
    at += hasNoLength(marker) ? 2 : 2 + bytes.readUInt16BE(2)
  }
  return refuse('corrupt JPEG')
}

/** SOF0 to SOF15 without DHT, JPG and DAC, which share the range. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
const hasNoLength = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)

function frame(bytes: Buffer, tail: Buffer): ImageHeader {
  const precision = bytes[4]!
  if (precision !== 8) return refuse(`a JPEG of ${precision} bits per channel; only 8 are read`)
  const complete = tail.lastIndexOf(endOfJpeg) >= 0
  return { usable: true, complete, height: bytes.readUInt16BE(5), width: bytes.readUInt16BE(7) }
}
const endOfJpeg = Buffer.from([0xff, 0xd9])
