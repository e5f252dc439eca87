import { ascii, type ByteSource, type ImageHeader, refuse } from './byte-source.js'

export const isTiff = (head: Buffer): boolean => ['II*\0', 'MM\0*'].includes(ascii(head, 0, 4))

/** Tags of a directory, TIFF 6.0 §8 and the supplements. */
const tags = { subfile: 254, width: 256, height: 257, compression: 259, photometric: 262, sampleFormat: 339, dng: 50706 } as const
const [shortType, entryBytes, maxEntries] = [3, 12, 1000]
const [yccColours, jpegCompression, floats] = [6, 7, 3]

/** The first directory of a file says what its first picture is. */
export function tiffHeader(source: ByteSource, head: Buffer): ImageHeader {
  if (head.length < 8) return refuse('truncated TIFF')
  const little = head[0] === 0x49
  const at = little ? head.readUInt32LE(4) : head.readUInt32BE(4)
  const entries = readEntries(source, at, little)
  if (!entries) return refuse('truncated TIFF')
  const value = (tag: number) => entries.get(tag)
  const isThumbnail = ((value(tags.subfile) ?? 0) & 1) === 1
  if (isThumbnail || value(tags.dng) !== undefined || ascii(head, 8, 2) === 'CR') return refuse(rawReason)
  if (value(tags.sampleFormat) === floats) return refuse('a TIFF image of fractions; only 8 and 16 bits per channel are read')
  if (value(tags.photometric) === yccColours && value(tags.compression) !== jpegCompression)
    return refuse('a TIFF image of YCbCr colours; only RGB, CMYK and grey are read')
  return { usable: true, complete: false, width: value(tags.width) ?? 0, height: value(tags.height) ?? 0 }
}

const rawReason = "a camera's raw file; export it as JPEG"

/** The first value of each entry that holds whole numbers. */
function readEntries(source: ByteSource, at: number, little: boolean): ReadonlyMap<number, number> | undefined {
  const short = (bytes: Buffer, offset: number) => (little ? bytes.readUInt16LE(offset) : bytes.readUInt16BE(offset))
  const long = (bytes: Buffer, offset: number) => (little ? bytes.readUInt32LE(offset) : bytes.readUInt32BE(offset))
  const counter = source.read(at, 2)
  if (counter.length < 2) return undefined
  const count = Math.min(maxEntries, short(counter, 0))
  const bytes = source.read(at + 2, entryBytes * count)
  if (bytes.length < entryBytes * count) return undefined
  const entries = new Map<number, number>()
  for (let entry = 0; entry < bytes.length; entry += entryBytes) {
    const isShort = short(bytes, entry + 2) === shortType
    const isArray = isShort && long(bytes, entry + 4) > 2 // its values lie elsewhere; all of one kind
    const elsewhere = isArray ? source.read(long(bytes, entry + 8), 2) : undefined
    if (elsewhere && elsewhere.length < 2) return undefined
    const value = elsewhere ? short(elsewhere, 0) : isShort ? short(bytes, entry + 8) : long(bytes, entry + 8)
    entries.set(short(bytes, entry), value)
  }
  return entries
}
