import type { Size } from '@mnas/core/contracts'
import type { Orientation } from '../geometry/orientation.js'

/** Tables and comments come between; a file with more before its frame is hostile or broken. */
const maxSegments = 1000

/** What a JPEG file says about its picture before the picture comes. */
export interface JpegHeader extends Size {
  /** Grey, three colours, or the four inks of a press. */
  readonly components: 1 | 3 | 4
  /** EXIF 2.3 §4.6.4: how the picture is to be turned; 1 = not at all. */
  readonly orientation: Orientation
  /** In how many passes the picture is stored; baseline files have one, or one per colour. */
  readonly scans: number
}

/**
 * Walks the segments of a whole file to its frame header, ITU-T T.81 §B.2. Bytes between segments are skipped, as decoders do.
 * @returns undefined for what is no JPEG, is cut short, or is of a kind that no camera writes: lossless, arithmetic, 12 bits
 */
export function readJpegHeader(bytes: Buffer): JpegHeader | undefined {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return undefined
  let orientation: Orientation | undefined
  let at = nextMarker(bytes, 2)
  for (let segment = 0; segment < maxSegments && at + 10 <= bytes.length; segment++) {
    const marker = bytes[at + 1]!
    const length = bytes.readUInt16BE(at + 2)
    if (marker >= 0xc0 && marker <= 0xc2) {
      const [precision, components] = [bytes[at + 4], bytes[at + 9]]
      if (precision !== 8 || (components !== 1 && components !== 3 && components !== 4)) return undefined
      const size = { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) }
      return { ...size, components, orientation: orientation ?? 1, scans: countScans(bytes, at) }
    }
    if (!mayPrecedeFrame(marker) || length < 2) return undefined
    if (marker === 0xe1) orientation ??= orientationIn(bytes.subarray(at + 4, at + 2 + length))
    at = nextMarker(bytes, at + 2 + length)
  }
  return undefined
}

/** Where the next 0xff is that has a marker behind it, not 0 (data) or 0xff (a fill byte); beyond the end when there is none. */
function nextMarker(bytes: Buffer, from: number): number {
  // Mostly right here, and to look is cheaper than to call a search for it.
  let at = bytes[from] === 0xff ? from : bytes.indexOf(0xff, from)
  while (at >= 0 && (bytes[at + 1] === 0 || bytes[at + 1] === 0xff)) at = bytes.indexOf(0xff, at + 1)
  return at < 0 ? bytes.length : at
}

/** Tables, restart interval, comments and application segments. */
const mayPrecedeFrame = (marker: number) =>
  marker === 0xc4 || marker === 0xdb || marker === 0xdd || marker === 0xfe || (marker >= 0xe0 && marker <= 0xef)

const startOfScan = Buffer.from([0xff, 0xda])

/** In a picture's data 0xFF is followed by 0 or a restart marker, so this finds the scans and nothing else. */
function countScans(bytes: Buffer, from: number): number {
  let scans = 0
  for (let at = bytes.indexOf(startOfScan, from); at >= 0; at = bytes.indexOf(startOfScan, at + 2)) scans++
  return scans
}

const exifMark = Buffer.from('Exif\0\0', 'latin1')
const orientationTag = 0x0112
const shortType = 3

/** Of an APP1 segment with EXIF in it: a TIFF header and the entries of its first directory, 12 bytes each (TIFF 6.0 §2). */
function orientationIn(segment: Buffer): Orientation | undefined {
  if (!segment.subarray(0, 6).equals(exifMark)) return undefined
  const tiff = segment.subarray(6)
  const order = tiff.toString('latin1', 0, 2)
  if (tiff.length < 8 || (order !== 'II' && order !== 'MM')) return undefined
  const short = (at: number) => (order === 'II' ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at))
  const directory = order === 'II' ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4)
  if (directory + 2 > tiff.length) return undefined
  for (let entry = 0; entry < short(directory); entry++) {
    const at = directory + 2 + 12 * entry
    if (at + 12 > tiff.length) return undefined
    if (short(at) !== orientationTag) continue
    const value = short(at + 2) === shortType ? short(at + 8) : 1
    return value >= 1 && value <= 8 ? (value as Orientation) : 1
  }
  return undefined
}
