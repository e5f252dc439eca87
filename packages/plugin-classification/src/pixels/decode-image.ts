import { type Box, type ChooseBox, type Size, storedSize, wholeImage } from '../preprocessing.js'
import type { DecodeGate } from './decode-gate.js'
import { decodeJpegPart, isForTurbo, jpegTurboVersion } from './decode-jpeg.js'
import { readJpegHeader } from './jpeg-header.js'
import { scaledPart, sharpVersion, uprightSize } from './sharp-decoder.js'

/** An image as it is stored: RGB bytes, row by row, upright. */
export interface StoredImage extends Size {
  readonly pixels: Uint8Array
}

/** An image in its stored form or a part of that, and the size of the picture it was made from. */
export interface DecodedImage extends StoredImage {
  /** Width and height of the whole picture after EXIF rotation. */
  readonly upright: Size
}

/** What is to be decoded. */
export interface WantedPart {
  /** Pixels of the short side of the stored form: storageSize. */
  readonly short: number
  readonly choose: ChooseBox
  /** Of a picture that was decoded whole before: its size after EXIF rotation. */
  readonly upright?: Size | undefined
}

/** Where it is done; by default in this thread. */
export interface DecodeOptions {
  /** In other threads, several at once. */
  readonly aside?: boolean
  /** Of a thread that may be stopped. */
  readonly gate?: DecodeGate | undefined
}

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

export function cutBox(image: StoredImage, { left, top, width, height }: Box): StoredImage {
  if (width === image.width && height === image.height) return image
  const pixels = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * image.width + left) * 3
    pixels.set(image.pixels.subarray(from, from + width * 3), y * width * 3)
  }
  return { width, height, pixels }
}

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
