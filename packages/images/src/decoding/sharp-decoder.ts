import type { Size } from '@mnas/core/contracts'
import type { Sharp } from 'sharp'
import type { Box } from '../geometry/box.js'
import { keptMiddle } from '../geometry/stored-form.js'

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

export async function sharpVersion(): Promise<string> {
  const { versions } = await loadSharp()
  return `sharp ${versions.sharp} vips ${versions.vips}`
}

const inputOptions = { failOn: 'warning', ignoreIcc: true } as const

/** A picture's size after EXIF rotation. @throws Error with the decoder's reason */
export async function uprightSize(bytes: Buffer): Promise<Size> {
  const sharp = await loadSharp()
  const { format, autoOrient } = await sharp(bytes, inputOptions).metadata()
  if (!['jpeg', 'png', 'webp'].includes(format)) throw new Error(`a ${format} image`)
  const { width, height } = autoOrient
  return { width, height }
}

/**
 * A box of the stored form. JPEG files are decoded at half, quarter, … size where that suffices; rows below the box are not decoded, so
 * damage there goes unnoticed.
 * @returns RGB bytes. @throws Error with the decoder's reason
 */
export async function scaledPart(bytes: Buffer, upright: Size, stored: Size, box: Box): Promise<Uint8Array> {
  const sharp = await loadSharp()
  const middle = keptMiddle(upright)
  const turned = sharp(bytes, inputOptions).autoOrient()
  const isWhole = middle.width === upright.width && middle.height === upright.height
  return rgbOf(
    (isWhole ? turned : turned.extract(middle))
      .resize(stored.width, stored.height, { fit: 'fill', kernel: 'linear' })
      .extract(box)
      .flatten({ background: '#ffffff' }),
    box,
  )
}

/** All pixels as they are in the file, not turned. @returns RGB bytes. @throws Error with the decoder's reason */
export async function allPixels(bytes: Buffer, size: Size): Promise<Uint8Array> {
  const sharp = await loadSharp()
  return rgbOf(sharp(bytes, inputOptions), size)
}

/** The whole picture, turned as EXIF says, alpha laid on white. @returns its RGB bytes. @throws Error with the decoder's reason */
export async function uprightPixels(bytes: Buffer): Promise<Size & { readonly pixels: Uint8Array }> {
  const sharp = await loadSharp()
  const size = await uprightSize(bytes)
  return { ...size, pixels: await rgbOf(sharp(bytes, inputOptions).autoOrient().flatten({ background: '#ffffff' }), size) }
}

async function rgbOf(image: Sharp, { width, height }: Size): Promise<Uint8Array> {
  const { data, info } = await image.toColourspace('srgb').raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
  if (info.channels === 3 && data.length === width * height * 3) return data
  throw new Error(`${info.width} × ${info.height} pixels of ${info.channels} channels instead of 3`)
}
