import { ascii, type ByteSource, type ImageHeader, refuse } from './byte-source.js'

export const isWebp = (head: Buffer): boolean => ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 4) === 'WEBP'

/** Lossy (VP8), lossless (VP8L) or extended (VP8X); https://developers.google.com/speed/webp/docs/riff_container */
export function webpHeader(source: ByteSource, head: Buffer): ImageHeader {
  if (head.length < 30) return refuse('truncated WebP')
  const complete = head.readUInt32LE(4) + 8 <= source.sizeBytes
  switch (ascii(head, 12, 4)) {
    case 'VP8 ':
      return { usable: true, complete, width: head.readUInt16LE(26) & 0x3fff, height: head.readUInt16LE(28) & 0x3fff }
    case 'VP8L': {
      const bits = head.readUInt32LE(21)
      return { usable: true, complete, width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
    }
    case 'VP8X':
      return { usable: true, complete, width: head.readUIntLE(24, 3) + 1, height: head.readUIntLE(27, 3) + 1 }
    default:
      return refuse('corrupt WebP')
  }
}
