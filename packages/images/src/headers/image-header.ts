import type { Size } from '@mnas/core/contracts'

/** Random access to the bytes of a file. `read` returns fewer bytes at the end. */
export interface ByteSource {
  readonly sizeBytes: number
  read(offset: number, length: number): Buffer
}

/**
 * What the first and last bytes of a file say. `complete: false`: its end mark is not where it belongs, so it is truncated or has
 * something behind it (phones append videos): only decoding tells.
 */
export type ImageHeader =
  | (Size & { readonly usable: true; readonly complete: boolean })
  | { readonly usable: false; readonly reason: string }

/** Bytes read at either end of a file. */
export const edgeBytes = 4096
/** libvips refuses more, and so do we: 268 megapixels decode to 0.8 GB. */
const maxPixels = 0x3fff * 0x3fff
/** A JPEG whose frame header lies behind more segments than this is hostile or broken. */
const maxSegments = 1000

/** Recognises JPEG, PNG and WebP by content, never by name, and says why anything else cannot be used. */
export function readImageHeader(source: ByteSource, head: Buffer, tail: Buffer): ImageHeader {
  if (source.sizeBytes === 0) return refuse('the file is empty')
  const header = parse(source, head, tail)
  if (!header.usable) return header
  if (header.width < 1 || header.height < 1) return refuse('its header states no size')
  if (header.width * header.height > maxPixels) return refuse(`${header.width}×${header.height} pixels are too many`)
  return header
}

function parse(source: ByteSource, head: Buffer, tail: Buffer): ImageHeader {
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return jpeg(source, head, tail)
  if (head.subarray(0, 8).equals(pngSignature)) return png(head, tail)
  if (ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 4) === 'WEBP') return webp(source, head)
  return refuse(`${nameOf(head)}; only JPEG, PNG and WebP are read`)
}

const refuse = (reason: string): ImageHeader => ({ usable: false, reason })
const ascii = (bytes: Buffer, at: number, length: number) => bytes.toString('latin1', at, at + length)

/** Walks the segments to the frame header (SOF): precision, height, width, number of colour components. */
function jpeg(source: ByteSource, head: Buffer, tail: Buffer): ImageHeader {
  let at = 2
  for (let segment = 0; segment < maxSegments; segment++) {
    const bytes = at + 12 <= head.length ? head.subarray(at, at + 12) : source.read(at, 12)
    if (bytes.length < 10) return refuse('truncated JPEG')
    if (bytes[0] !== 0xff) return refuse('corrupt JPEG')
    const marker = bytes[1]!
    if (marker === 0xff) {
      at++ // a fill byte
      continue
    }
    if (isFrame(marker)) return jpegFrame(bytes, tail)
    if (marker === 0xda || marker === 0xd9) return refuse('corrupt JPEG')
    at += hasNoLength(marker) ? 2 : 2 + bytes.readUInt16BE(2)
  }
  return refuse('corrupt JPEG')
}

/** SOF0 to SOF15 without DHT, JPG and DAC, which share the range. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
const hasNoLength = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)

function jpegFrame(bytes: Buffer, tail: Buffer): ImageHeader {
  const precision = bytes[4]!
  const components = bytes[9]!
  if (precision !== 8) return refuse(`${precision} bits per channel; only 8 are read`)
  if (components === 4) return refuse('CMYK colours; only RGB and grey are read')
  const complete = tail.lastIndexOf(endOfJpeg) >= 0
  return { usable: true, complete, height: bytes.readUInt16BE(5), width: bytes.readUInt16BE(7) }
}
const endOfJpeg = Buffer.from([0xff, 0xd9])

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

function png(head: Buffer, tail: Buffer): ImageHeader {
  if (head.length < 33 || ascii(head, 12, 4) !== 'IHDR') return refuse('truncated PNG')
  if (head[24] === 16) return refuse('16 bits per channel; only 8 are read')
  return {
    usable: true,
    complete: tail.lastIndexOf('IEND', undefined, 'latin1') >= 0,
    width: head.readUInt32BE(16),
    height: head.readUInt32BE(20),
  }
}

/** Lossy (VP8), lossless (VP8L) or extended (VP8X); https://developers.google.com/speed/webp/docs/riff_container */
function webp(source: ByteSource, head: Buffer): ImageHeader {
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

/** Other formats by their first bytes, so that the reason helps. */
function nameOf(head: Buffer): string {
  const brand = ascii(head, 4, 4) === 'ftyp' ? ascii(head, 8, 4) : ''
  if (/^(hei|hev|mif|msf)/.test(brand)) return 'a HEIC image'
  if (/^avi/.test(brand)) return 'an AVIF image'
  if (brand !== '') return 'a video'
  const known = signatures.find(([signature]) => ascii(head, 0, signature.length) === signature)
  if (known) return known[1]
  const text = head.toString('utf8')
  if (/<svg[\s>]/i.test(text)) return 'an SVG drawing'
  return isText(head) ? 'a text file' : 'not an image'
}
const signatures: readonly (readonly [string, string])[] = [
  ['GIF8', 'a GIF image'],
  ['BM', 'a BMP image'],
  ['II*\0', 'a TIFF image'],
  ['MM\0*', 'a TIFF image'],
  ['%PDF', 'a PDF document'],
  ['\0\0\0\x0cJXL ', 'a JPEG XL image'],
  ['\0\0\0\x0cjP  ', 'a JPEG 2000 image'],
  ['PK\x03\x04', 'a ZIP archive'],
]
const isText = (head: Buffer) => !head.some((byte) => byte < 9 || (byte > 13 && byte < 32))
