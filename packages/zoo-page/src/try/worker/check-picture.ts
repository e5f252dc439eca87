import { imagesErrors } from '@mnas/images'
import { edgeBytes, readImageHeader, readJpegHeader } from '@mnas/images/headers'
import { pageErrors } from '@mnas/plugin-zoo'

/** PNG 1.2 §4.1.1: bits per channel stand behind the signature, the chunk's head, width and height. */
const pngDepthAt = 24

/** What browsers decode when it is whole. */
const known = { jpeg: [0xff, 0xd8, 0xff], png: [0x89, 0x50], gif: [0x47, 0x49], bmp: [0x42, 0x4d], riff: [0x52, 0x49] } as const
const begins = (bytes: Uint8Array, kind: keyof typeof known) => known[kind].every((byte, at) => bytes[at] === byte)

/**
 * Looks at the header of a picture as `mnas predict` does before it decodes.
 * @param name as the user knows the file
 * @throws MNAS_DATA_IMAGE as `mnas predict`; MNAS_PAGE_OTHERWISE for what browsers decode to other pixels than mnas
 */
export function checkPicture(bytes: Uint8Array<ArrayBuffer>, name: string): void {
  const file = asBuffer(bytes)
  const read = (offset: number, length: number) => file.subarray(offset, offset + length)
  const source = { sizeBytes: file.length, read }
  const header = readImageHeader(source, read(0, edgeBytes), read(Math.max(0, file.length - edgeBytes), edgeBytes))
  if (!header.usable) throw imagesErrors.MNAS_DATA_IMAGE({ file: name, reason: header.reason })
  if (readJpegHeader(file)?.components === 4)
    throw pageErrors.MNAS_PAGE_OTHERWISE({ file: name, what: 'a JPEG in the four inks of a press (CMYK)' })
  if (begins(file, 'png') && file[pngDepthAt] === 16)
    throw pageErrors.MNAS_PAGE_OTHERWISE({ file: name, what: 'a PNG of 16 bits per channel' })
}

/** Why the browser gives up on a picture: one of a kind that every browser knows is damaged, and another may be of a kind that it does not know. */
export function undecoded(bytes: Uint8Array<ArrayBuffer>, name: string, cause: unknown): Error {
  const isOddJpeg = begins(bytes, 'jpeg') && !readJpegHeader(asBuffer(bytes))
  const isKnown = (Object.keys(known) as (keyof typeof known)[]).some((kind) => begins(bytes, kind))
  return isKnown && !isOddJpeg
    ? imagesErrors.MNAS_DATA_IMAGE({ file: name, reason: 'it is damaged or cut short' }, cause)
    : pageErrors.MNAS_PAGE_UNDECODED({ file: name }, cause)
}

const asBuffer = (bytes: Uint8Array<ArrayBuffer>): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
