import type { Size } from '@mnas/core/contracts'
import type { Sharp } from 'sharp'
import type { Orientation } from '../geometry/orientation.js'
import type { Scaling } from '../resampling/resampler.js'

type SharpModule = typeof import('sharp')
let loading: Promise<SharpModule['default']> | undefined

/** sharp takes 50 ms to load: only who decodes pays. Images, not their rows, are decoded in parallel. */
export async function loadSharp(): Promise<SharpModule['default']> {
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

/** What decoders only warn of is read, as Pillow, torchvision and browsers read it; a file that is cut short is not. */
const inputOptions = { failOn: 'error', ignoreIcc: true } as const

const readable: readonly string[] = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'heif']

/** What a picture is made of. @throws Error with the decoder's reason */
export async function pictureFacts(bytes: Buffer): Promise<{ readonly upright: Size; readonly isInk: boolean }> {
  const sharp = await loadSharp()
  const { format, depth, space, autoOrient } = await sharp(bytes, inputOptions).metadata()
  if (!readable.includes(format)) throw new Error(`a ${format} image`)
  if (depth !== 'uchar' && depth !== 'ushort') throw new Error(`${depth} values per channel; only 8 and 16 bits are read`)
  const { width, height } = autoOrient
  return { upright: { width, height }, isInk: space === 'cmyk' }
}

/**
 * By the header of a picture of any kind: its size before it is turned, and how it is to be turned. An AVIF's own turn is already done, for it
 * belongs to decoding.
 * @throws Error with the decoder's reason
 */
export async function headerFacts(file: string): Promise<{ readonly stored: Size; readonly orientation: Orientation }> {
  const sharp = await loadSharp()
  const { width, height, orientation = 1 } = await sharp(file, inputOptions).metadata()
  return { stored: { width, height }, orientation: orientation >= 1 && orientation <= 8 ? (orientation as Orientation) : 1 }
}

/**
 * A box of the stored form. JPEG files are decoded at half, quarter, … size where that suffices; rows below the box are not decoded, so
 * damage there goes unnoticed.
 * @returns RGB bytes. @throws Error with the decoder's reason
 */
export async function scaledPart(
  bytes: Buffer,
  upright: Size,
  { from, to, part }: Pick<Scaling, 'from' | 'to'> & Required<Pick<Scaling, 'part'>>,
): Promise<Uint8Array> {
  const sharp = await loadSharp()
  const turned = sharp(bytes, inputOptions).autoOrient()
  const isWhole = from.width === upright.width && from.height === upright.height
  return rgbOf(
    (isWhole ? turned : turned.extract(from))
      .resize(to.width, to.height, { fit: 'fill', kernel: 'linear' })
      .extract(part)
      .flatten({ background: '#ffffff' }),
    part,
  )
}

/** All pixels as they are in the file, not turned. @returns RGB bytes. @throws Error with the decoder's reason */
export async function allPixels(bytes: Buffer, size: Size): Promise<Uint8Array> {
  const sharp = await loadSharp()
  return rgbOf(sharp(bytes, inputOptions), size)
}

/** All pixels, turned upright: RGB bytes, transparency on white. @throws Error with the decoder's reason */
export async function uprightPixels(bytes: Buffer): Promise<Size & { readonly pixels: Uint8Array }> {
  const sharp = await loadSharp()
  const image = sharp(bytes, inputOptions).autoOrient().flatten({ background: '#ffffff' }).toColourspace('srgb')
  return channelsOf(image, 3)
}

/** All pixels of a picture of inks, turned upright: cyan, magenta, yellow and black, 255 = full. @throws Error with the decoder's reason */
export async function inkPixels(bytes: Buffer): Promise<Size & { readonly pixels: Uint8Array }> {
  const sharp = await loadSharp()
  return channelsOf(sharp(bytes, inputOptions).autoOrient().pipelineColourspace('cmyk').toColourspace('cmyk'), 4)
}

/** RGB bytes scaled to a size, with a drawing of that size laid on them, as a PNG file. @throws Error for a drawing that is no SVG */
export async function drawnPng(
  { width, height, pixels }: Size & { readonly pixels: Uint8Array },
  to: Size,
  svg: string,
): Promise<Uint8Array> {
  const sharp = await loadSharp()
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .resize(to.width, to.height, { fit: 'fill' })
    .composite([{ input: Buffer.from(svg) }])
    .removeAlpha()
    .png()
    .toBuffer()
}

/** RGB bytes as a PNG file. */
export async function encodedPng({ width, height, pixels }: Size & { readonly pixels: Uint8Array }): Promise<Buffer> {
  const sharp = await loadSharp()
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer()
}

async function rgbOf(image: Sharp, { width, height }: Size): Promise<Uint8Array> {
  const { pixels, ...size } = await channelsOf(image.toColourspace('srgb'), 3)
  if (size.width === width && size.height === height) return pixels
  throw new Error(`${size.width} × ${size.height} pixels instead of ${width} × ${height}`)
}

async function channelsOf(image: Sharp, channels: 3 | 4): Promise<Size & { readonly pixels: Uint8Array }> {
  const { data, info } = await image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
  const { width, height } = info
  if (info.channels === channels && data.length === width * height * channels) return { width, height, pixels: data }
  throw new Error(`${width} × ${height} pixels of ${info.channels} channels instead of ${channels}`)
}
