import { imagesErrors } from '@mnas/images'
import { edgeBytes, readImageHeader, readJpegHeader } from '@mnas/images/headers'
import { pageErrors } from '@mnas/plugin-zoo'

/** PNG 1.2 §4.1.1: bits per channel stand behind the signature, the chunk's head, width and height. */
const pngDepthAt = 24
const pngStart = 0x89

/**
 * Looks at the header of a picture as `mnas predict` does before it decodes.
 * @param name as the user knows the file
 * @throws MNAS_DATA_IMAGE as `mnas predict`; MNAS_PAGE_OTHERWISE for what browsers decode to other pixels than mnas
 */
export function checkPicture(bytes: Uint8Array<ArrayBuffer>, name: string): void {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const read = (offset: number, length: number) => file.subarray(offset, offset + length)
  const source = { sizeBytes: file.length, read }
  const header = readImageHeader(source, read(0, edgeBytes), read(Math.max(0, file.length - edgeBytes), edgeBytes))
  if (!header.usable) throw imagesErrors.MNAS_DATA_IMAGE({ file: name, reason: header.reason })
  const jpeg = readJpegHeader(file)
  if (jpeg?.components === 4)
    throw pageErrors.MNAS_PAGE_OTHERWISE({ file: name, what: 'a JPEG in the four inks of a press (CMYK)' })
  if (file[0] === pngStart && file[pngDepthAt] === 16)
    throw pageErrors.MNAS_PAGE_OTHERWISE({ file: name, what: 'a PNG of 16 bits per channel' })
}
