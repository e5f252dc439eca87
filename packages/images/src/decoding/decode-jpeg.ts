import { createRequire } from 'node:module'
import { turnBox, turnPixels, turnSize } from '../geometry/orientation.js'
import { keptBox, storedSize } from '../geometry/stored-form.js'
import type { JpegHeader } from '../headers/jpeg-header.js'
import { resampler } from '../resampling/node-resampler.js'
import { behindGate } from './decode-gate.js'
import type { DecodeOptions } from './decode-options.js'
import { allPixels } from './sharp-decoder.js'
import type { DecodedImage, WantedPart } from './stored-image.js'

const packageName = '@julusian/jpeg-turbo'
type JpegTurbo = typeof import('@julusian/jpeg-turbo')
const require = createRequire(import.meta.url)
let loaded: JpegTurbo | null | undefined

/** libjpeg-turbo, loaded when first needed; null on a platform without it. */
function loadTurbo(): JpegTurbo | null {
  if (loaded !== undefined) return loaded
  try {
    loaded = require(packageName) as JpegTurbo
  } catch {
    loaded = null
  }
  return loaded
}

/** The name and version of what decodes JPEG files. Its fast transform rounds otherwise than sharp's exact one. */
export function jpegTurboVersion(): string {
  if (!loadTurbo()) return 'no jpeg-turbo'
  const { version } = require(`${packageName}/package.json`) as { readonly version: string }
  return `jpeg-turbo ${version}`
}

/** From so many times the stored size on, decoding at a quarter or an eighth of the size is faster, which only sharp can do. */
const mostShrinking = 4
/** 50 MB decoded, in each thread. */
const mostPixels = 2 ** 24
/** A file of more would take minutes to decode. */
const mostScans = 100

/** Whether a picture is decoded whole and resampled here. */
export function isForTurbo({ width, height, components, scans }: JpegHeader, short: number): boolean {
  const shortSide = Math.min(width, height)
  return (
    components !== 4 && shortSide > 0 && shortSide < mostShrinking * short && width * height <= mostPixels && scans <= mostScans
  )
}

/**
 * Part of a JPEG's stored form, resampled from the whole picture: libjpeg-turbo decodes, where it is installed, and finds damage anywhere in
 * the file. sharp decodes what it does not accept, which may only be odd, and says what is wrong with the rest.
 * @throws Error with the decoder's reason
 */
export async function decodeJpegPart(
  bytes: Buffer,
  header: JpegHeader,
  wanted: WantedPart,
  { aside, gate }: DecodeOptions,
): Promise<DecodedImage> {
  const turbo = behindGate(gate, loadTurbo)
  const pixels = aside || !turbo ? await pixelsAside(turbo, bytes, header) : undefined
  // Nothing is awaited between the source pixels and the result: other images are made in the same memory.
  if (pixels) resampler.sourcePixels(header).set(pixels)
  else if (!turbo || !behindGate(gate, () => decodeInPlace(turbo, bytes, header))) {
    const exact = await allPixels(bytes, header)
    resampler.sourcePixels(header).set(exact)
  }
  return storedPart(header, wanted)
}

/** @returns false when it does not accept the file */
function decodeInPlace(turbo: JpegTurbo, bytes: Buffer, header: JpegHeader): boolean {
  try {
    const { buffer, byteOffset, byteLength } = resampler.sourcePixels(header)
    const target = Buffer.from(buffer, byteOffset, byteLength)
    const { width, height } = turbo.decompressSync(bytes, target, { format: turbo.FORMAT_RGB })
    return width === header.width && height === header.height
  } catch {
    return false
  }
}

async function pixelsAside(turbo: JpegTurbo | null, bytes: Buffer, header: JpegHeader): Promise<Uint8Array> {
  const decoded = await turbo
    ?.decompress(bytes, Buffer.allocUnsafeSlow(3 * header.width * header.height), { format: turbo.FORMAT_RGB })
    .catch(() => undefined)
  const fits = decoded && decoded.width === header.width && decoded.height === header.height
  return fits ? decoded.data : allPixels(bytes, header)
}

function storedPart(header: JpegHeader, { short, kept = 'middle', choose }: WantedPart): DecodedImage {
  const { orientation } = header
  const upright = turnSize(header, orientation)
  const stored = storedSize(upright, short)
  const { width, height, ...corner } = choose(stored)
  const part = turnBox({ width, height, ...corner }, stored, orientation)
  const pixels = resampler.resample(header, { from: keptBox(header, kept), to: turnSize(stored, orientation), part })
  const turned = orientation === 1 ? new Uint8Array(pixels) : turnPixels(pixels, { width, height }, orientation)
  return { width, height, pixels: turned, upright }
}
