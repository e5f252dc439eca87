import type { Size } from '@mnas/core/contracts'
import { type Box, wholeImage } from '../geometry/box.js'
import { storedSize } from '../geometry/stored-form.js'
import { readJpegHeader } from '../headers/jpeg-header.js'
import { decodeJpegPart, isForTurbo, jpegTurboVersion } from './decode-jpeg.js'
import type { DecodeOptions } from './decode-options.js'
import { scaledPart, sharpVersion, uprightSize } from './sharp-decoder.js'
import { cutBox, type DecodedImage, type WantedPart } from './stored-image.js'

/**
 * Decodes to the stored form: EXIF rotation applied, alpha laid on white, grey as RGB, embedded colour profiles ignored,
 * the middle of very long images, short side as asked for (storageSize). The first frame of an animation.
 * @throws Error with the decoder's reason
 */
export function decodeImage(bytes: Buffer, short: number): Promise<DecodedImage> {
  return decodePart(bytes, { short, choose: wholeImage })
}

/**
 * The same bytes as that part of decodeImage's, for less. Damage anywhere in the file is found, except when `upright` says that the whole
 * was looked at before.
 * @throws Error with the decoder's reason
 */
export async function decodePart(bytes: Buffer, wanted: WantedPart, options: DecodeOptions = {}): Promise<DecodedImage> {
  const header = readJpegHeader(bytes)
  if (header && isForTurbo(header, wanted.short)) return decodeJpegPart(bytes, header, wanted, options)
  const { short, choose, upright } = wanted
  const size = upright ?? (await uprightSize(bytes))
  const stored = storedSize(size, short)
  const box = choose(stored)
  if (upright) return { ...sizeOf(box), pixels: await scaledPart(bytes, upright, stored, box), upright }
  const whole = { ...stored, pixels: await scaledPart(bytes, size, stored, wholeImage(stored)) }
  return { ...cutBox(whole, box), upright: size }
}

const sizeOf = ({ width, height }: Box): Size => ({ width, height })

/** What the decoded bytes depend on besides the file. */
export async function decoderVersion(): Promise<string> {
  return `${jpegTurboVersion()} ${await sharpVersion()} form 2`
}

/** Why a file could not be decoded, on one line. */
export function decodeFailure(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  // libvips has one error text for all threads; when another took it, sharp names its own setting instead.
  if (message.includes('failOn')) return 'its data is corrupt'
  const lines = message.split('\n').map((line) => line.replace(/\s+/g, ' ').trim())
  return [...new Set(lines)].filter(Boolean).join(', ')
}
