import type { Sharp } from 'sharp'
import { type Box, maxAspect, type Size, storedSize } from './preprocessing.js'

/** An image as it is stored: RGB bytes, row by row, upright. */
export interface StoredImage extends Size {
  readonly pixels: Uint8Array
}

type SharpModule = typeof import('sharp')
let loading: Promise<SharpModule['default']> | undefined

/** sharp takes 50 ms to load: only who decodes pays. Images, not their rows, are decoded in parallel. */
async function loadSharp(): Promise<SharpModule['default']> {
  loading ??= import('sharp').then(({ default: sharp }) => {
    sharp.concurrency(1)
    sharp.cache(false)
    return sharp
  })
  return loading
}

/** What the decoded bytes depend on besides the file: part of the cache's name. */
export async function decoderVersion(): Promise<string> {
  const { versions } = await loadSharp()
  return `sharp ${versions.sharp} vips ${versions.vips} form 1`
}

/** An image in its stored form, and the size of the picture it was made from. */
export interface DecodedImage extends StoredImage {
  /** Width and height of the whole picture after EXIF rotation. */
  readonly upright: Size
}

/**
 * Decodes to the stored form: EXIF rotation applied, alpha laid on white, grey as RGB, embedded colour profiles ignored,
 * the middle of very long images, short side as asked for (storageSize). The first frame of an animation.
 * @throws Error with the decoder's reason
 */
export async function decodeImage(bytes: Buffer, short: number): Promise<DecodedImage> {
  const sharp = await loadSharp()
  const metadata = await sharp(bytes, inputOptions).metadata()
  if (!['jpeg', 'png', 'webp'].includes(metadata.format)) throw new Error(`a ${metadata.format} image`)
  const { width, height } = metadata.autoOrient
  const upright = { width, height }
  const size = storedSize(upright, short)
  const whole = { left: 0, top: 0, ...size }
  return { ...size, pixels: await decodePart(bytes, upright, short, whole), upright }
}

/**
 * The same bytes as that box of decodeImage's, for less: rows below it are not decoded, other pixels not resampled. What is damaged outside
 * of the box may go unnoticed.
 * @param upright the picture's size after EXIF rotation
 * @throws Error with the decoder's reason
 */
export async function decodePart(bytes: Buffer, upright: Size, short: number, box: Box): Promise<Uint8Array> {
  const sharp = await loadSharp()
  const { width, height } = storedSize(upright, short)
  const { data, info } = await keepMiddle(sharp(bytes, inputOptions).autoOrient(), upright)
    .resize(width, height, { fit: 'fill', kernel: 'linear' })
    .extract(box)
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  const fits = info.channels === 3 && data.length === box.width * box.height * 3
  if (!fits) throw new Error(`${info.width} × ${info.height} pixels of ${info.channels} channels instead of 3`)
  return data
}

const inputOptions = { failOn: 'warning', ignoreIcc: true } as const

function keepMiddle(image: Sharp, { width, height }: Size): Sharp {
  const longest = maxAspect * Math.min(width, height)
  if (Math.max(width, height) <= longest) return image
  const kept = { width: Math.min(width, longest), height: Math.min(height, longest) }
  return image.extract({ ...kept, left: (width - kept.width) >> 1, top: (height - kept.height) >> 1 })
}

/** Why a file could not be decoded, on one line. */
export function decodeFailure(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  // libvips has one error text for all threads; when another took it, sharp names its own setting instead.
  if (message.includes('failOn')) return 'its data is corrupt'
  const lines = message.split('\n').map((line) => line.replace(/\s+/g, ' ').trim())
  return [...new Set(lines)].filter(Boolean).join(', ')
}
