import type { Size } from '@mnas/core/contracts'
import { type Box, wholeImage } from '../geometry/box.js'
import { keptBox, storedSize } from '../geometry/stored-form.js'
import { isJpeg } from '../headers/jpeg-frame.js'
import { type JpegHeader, readJpegHeader } from '../headers/jpeg-header.js'
import { isPng, pngDepth } from '../headers/png-header.js'
import { isWebp } from '../headers/webp-header.js'
import { resampler } from '../resampling/node-resampler.js'
import { resampleInBands } from '../resampling/resample-in-bands.js'
import { decodeJpegPart, isForTurbo, jpegTurboVersion } from './decode-jpeg.js'
import type { DecodeOptions } from './decode-options.js'
import { pictureFacts, scaledPart, sharpVersion } from './sharp-decoder.js'
import { cutBox, type DecodedImage, type WantedPart } from './stored-image.js'
import { wholePicture } from './whole-picture.js'

/**
 * Decodes to the stored form: EXIF rotation applied, alpha laid on white, grey as RGB, embedded colour profiles ignored,
 * the middle of very long images or all of them, short side as asked for (storageSize). The first frame of an animation.
 * @throws Error with the decoder's reason
 */
export function decodeImage(bytes: Buffer, short: number, options: DecodeOptions = {}): Promise<DecodedImage> {
  return decodePart(bytes, { short, choose: wholeImage }, options)
}

/**
 * The same bytes as that part of decodeImage's, for less. Damage anywhere in the file is found, except when `upright` says that the whole
 * was looked at before.
 * @throws Error with the decoder's reason
 */
export async function decodePart(bytes: Buffer, wanted: WantedPart, options: DecodeOptions = {}): Promise<DecodedImage> {
  if (options.exact) return wholePart(bytes, wanted)
  const header = readJpegHeader(bytes)
  if (header && isForTurbo(header, wanted.short)) return decodeJpegPart(bytes, header, wanted, options)
  return isForSharp(bytes, header) ? sharpPart(bytes, wanted) : wholePart(bytes, wanted)
}

/** Whether sharp scales it while it decodes: what photos are stored as. The rest is rare, and read in the one exact way. */
function isForSharp(bytes: Buffer, header: JpegHeader | undefined): boolean {
  if (isJpeg(bytes)) return header?.components !== 4
  return isPng(bytes) ? pngDepth(bytes) !== 16 : isWebp(bytes)
}

async function sharpPart(bytes: Buffer, { short, kept = 'middle', choose, upright }: WantedPart): Promise<DecodedImage> {
  const size = upright ?? (await pictureFacts(bytes)).upright
  const stored = storedSize(size, short)
  const box = choose(stored)
  const scaling = { from: keptBox(size, kept), to: stored }
  if (upright) return { ...sizeOf(box), pixels: await scaledPart(bytes, size, { ...scaling, part: box }), upright }
  const whole = { ...stored, pixels: await scaledPart(bytes, size, { ...scaling, part: wholeImage(stored) }) }
  return { ...cutBox(whole, box), upright: size }
}

/** Part of the stored form, resampled from all pixels. */
async function wholePart(bytes: Buffer, { short, kept = 'middle', choose }: WantedPart): Promise<DecodedImage> {
  const { pixels, ...upright } = await wholePicture(bytes)
  const stored = storedSize(upright, short)
  const part = choose(stored)
  const picture = { ...upright, pixels }
  return {
    ...sizeOf(part),
    pixels: resampleInBands(resampler, picture, { from: keptBox(upright, kept), to: stored, part }),
    upright,
  }
}

const sizeOf = ({ width, height }: Box): Size => ({ width, height })

/** What the decoded bytes depend on besides the file. */
export async function decoderVersion(): Promise<string> {
  return `${jpegTurboVersion()} ${await sharpVersion()} form 3`
}

/** Why a file could not be decoded, on one line. */
export function decodeFailure(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  // libvips has one error text for all threads; when another took it, sharp names its own setting instead, or nothing.
  if (message.includes('failOn') || message === 'Unknown error') return 'its data is corrupt'
  const lines = message.split('\n').map((line) => line.replace(/\s+/g, ' ').trim())
  return [...new Set(lines)].filter(Boolean).join(', ')
}
