import { ascii, type ByteSource, type ImageHeader, refuse } from './byte-source.js'

/** Its major brand, or an image sequence's. */
export const isAvif = (head: Buffer): boolean => ascii(head, 4, 4) === 'ftyp' && /^avi[fs]$/.test(ascii(head, 8, 4))

/** The boxes that describe the pictures of a file lie within. */
const metaBytes = 1 << 16

/** The largest of the sizes that its boxes state (`ispe`, ISO/IEC 23008-12 §6.5.3): of a picture in tiles, the whole. */
export function avifHeader(source: ByteSource, head: Buffer): ImageHeader {
  const bytes = source.sizeBytes > head.length ? source.read(0, metaBytes) : head
  let size = { width: 0, height: 0 }
  for (let at = bytes.indexOf('ispe'); at >= 0 && at + 16 <= bytes.length; at = bytes.indexOf('ispe', at + 4)) {
    const found = { width: bytes.readUInt32BE(at + 8), height: bytes.readUInt32BE(at + 12) }
    if (found.width * found.height > size.width * size.height) size = found
  }
  return size.width > 0 ? { usable: true, complete: false, ...size } : refuse('corrupt AVIF')
}
