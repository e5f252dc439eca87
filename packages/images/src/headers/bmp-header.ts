import { ascii, type ByteSource, type ImageHeader, refuse } from './byte-source.js'

export const isBmp = (head: Buffer): boolean => ascii(head, 0, 2) === 'BM' && head.length >= 18 && head.readUInt32LE(14) <= 124

/** What stands before the pixels of a BMP file, as far as its picture depends on it. */
export interface BmpLayout {
  readonly width: number
  readonly height: number
  /** The first stored row is the lowest one. */
  readonly fromBottom: boolean
  readonly bits: 1 | 4 | 8 | 16 | 24 | 32
  /** Where the pixels begin. */
  readonly offset: number
  /** Bytes from one row to the next. */
  readonly stride: number
  /** Where the palette begins and how many colours it has, 4 bytes each; of up to 8 bits. */
  readonly palette: { readonly at: number; readonly colours: number }
  /** Bits of red, green and blue in a pixel of 16 or 32. */
  readonly masks: readonly [number, number, number]
}

const [uncompressed, bitFields, alphaBitFields] = [0, 3, 6]
const depths: readonly number[] = [1, 4, 8, 16, 24, 32]

/** Reads BITMAPINFOHEADER and its successors. @returns the layout, or why there is none */
export function readBmpLayout(head: Buffer): BmpLayout | { readonly reason: string } {
  const headerBytes = head.length >= 18 ? head.readUInt32LE(14) : 0
  if (headerBytes === 12) return { reason: 'a BMP image of OS/2; convert it' }
  if (head.length < 54 || headerBytes < 40) return { reason: 'truncated BMP' }
  const [width, signedHeight] = [head.readInt32LE(18), head.readInt32LE(22)]
  const [bits, compression] = [head.readUInt16LE(28), head.readUInt32LE(30)]
  if (width < 1 || signedHeight === 0 || !depths.includes(bits)) return { reason: 'corrupt BMP' }
  const hasMasks = compression === bitFields || compression === alphaBitFields
  if (compression !== uncompressed && !hasMasks) return { reason: 'a compressed BMP image; convert it' }
  if (hasMasks && head.length < 66) return { reason: 'truncated BMP' }
  const masksBehind = hasMasks && headerBytes === 40 ? (compression === bitFields ? 12 : 16) : 0
  return {
    width,
    height: Math.abs(signedHeight),
    fromBottom: signedHeight > 0,
    bits: bits as BmpLayout['bits'],
    offset: head.readUInt32LE(10),
    stride: ((width * bits + 31) >>> 5) * 4,
    palette: { at: 14 + headerBytes + masksBehind, colours: head.readUInt32LE(46) || 2 ** Math.min(bits, 8) },
    masks: hasMasks ? [head.readUInt32LE(54), head.readUInt32LE(58), head.readUInt32LE(62)] : defaultMasks(bits),
  }
}

const defaultMasks = (bits: number) => (bits === 16 ? ([0x7c00, 0x3e0, 0x1f] as const) : ([0xff0000, 0xff00, 0xff] as const))

export function bmpHeader({ sizeBytes }: ByteSource, head: Buffer): ImageHeader {
  const layout = readBmpLayout(head)
  if ('reason' in layout) return refuse(layout.reason)
  const { width, height, offset, stride } = layout
  if (offset + stride * height > sizeBytes) return refuse('truncated BMP')
  return { usable: true, complete: true, width, height }
}
