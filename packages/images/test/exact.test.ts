import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { decodeImage, decodePart } from '#internal/decoding/decode-image.js'
import { wholePicture } from '#internal/decoding/whole-picture.js'
import { keptMiddle, storedSize } from '#internal/geometry/stored-form.js'
import { resampler } from '#internal/resampling/node-resampler.js'
import { resampleInBands } from '#internal/resampling/resample-in-bands.js'
import { held, places } from './support/held.js'
import { picture } from './support/pictures.js'
import { quadrants } from './support/quadrants.js'
import { resampleReference } from './support/resample-reference.js'

const exact = { exact: true }

/** What any exact decoder and the taps of linear-taps.ts give. */
async function byHand(bytes: Buffer, short: number): Promise<Uint8Array> {
  const decoding = sharp(bytes).autoOrient().flatten({ background: '#ffffff' }).toColourspace('srgb').raw()
  const { data, info } = await decoding.toBuffer({ resolveWithObject: true })
  const image = { width: info.width, height: info.height, pixels: data }
  return resampleReference(image, { from: keptMiddle(image), to: storedSize(image, short) })
}

describe('an exact decode', () => {
  it('is that of the format and our own resampling, in every format and at every scale', async () => {
    const noisy = await picture(3, 'png', 150, 110)
    const smooth = await sharp(noisy).blur(2).png().toBuffer()
    const files = {
      png: smooth,
      'clear png': await sharp(smooth).ensureAlpha(0.3).png().toBuffer(),
      webp: await sharp(smooth).webp({ lossless: true }).toBuffer(),
      jpeg: await sharp(smooth).jpeg().toBuffer(),
      '4:4:4': await sharp(smooth).jpeg({ chromaSubsampling: '4:4:4' }).toBuffer(),
      progressive: await sharp(smooth).jpeg({ progressive: true }).toBuffer(),
      grey: await sharp(smooth).toColourspace('b-w').jpeg().toBuffer(),
      long: await sharp(smooth).resize(400, 60, { fit: 'fill' }).jpeg().toBuffer(),
    }
    for (const [name, bytes] of Object.entries(files))
      for (const short of [9, 40, 110, 130]) {
        const { pixels, upright } = await decodeImage(bytes, short, exact)
        expect([name, short, Buffer.from(pixels).equals(await byHand(bytes, short))]).toEqual([name, short, true])
        expect(Math.min(upright.width, upright.height)).toBe(name === 'long' ? 60 : 110)
      }
  })

  it('turns the picture before it scales it, as a browser does', async () => {
    const upright = await sharp(await quadrants())
      .blur(1)
      .png()
      .toBuffer()
    for (const orientation of Object.keys(places)) {
      const bytes = await (await held(upright, Number(orientation))).jpeg({ quality: 90 }).toBuffer()
      const { pixels } = await decodeImage(bytes, 31, exact)
      expect([orientation, Buffer.from(pixels).equals(await byHand(bytes, 31))]).toEqual([orientation, true])
    }
  })

  it('gives the same bytes for a part, whether the picture was seen before or not', async () => {
    const bytes = await picture(5, 'jpeg', 120, 90)
    const whole = await decodeImage(bytes, 45, exact)
    const box = { left: 7, top: 3, width: 31, height: 29 }
    for (const upright of [undefined, whole.upright]) {
      const part = await decodePart(bytes, { short: 45, choose: () => box, upright }, exact)
      const expected = Array.from({ length: 29 }, (_, y) => [
        ...whole.pixels.subarray(3 * ((3 + y) * 60 + 7), 3 * ((3 + y) * 60 + 38)),
      ])
      expect([...part.pixels]).toEqual(expected.flat())
    }
  })

  it('passes a large picture through the resampler in bands, to the same bytes', async () => {
    const image = { width: 6000, height: 3500, pixels: new Uint8Array(3 * 6000 * 3500) }
    for (let at = 0; at < image.pixels.length; at++) image.pixels[at] = Math.imul(at, 2654435761) >>> 24
    const scaling = { from: keptMiddle(image), to: { width: 60, height: 35 }, part: { left: 3, top: 1, width: 50, height: 33 } }
    resampler.sourcePixels(image).set(image.pixels)
    const atOnce = resampler.resample(image, scaling).slice()
    expect(Buffer.from(resampleInBands(resampler, image, scaling)).equals(atOnce)).toBe(true)
  })

  it('is what a picture is evaluated by: 16 bits, inks and rare formats have no other', async () => {
    const still = await sharp(await quadrants())
      .gif()
      .toBuffer()
    expect((await decodeImage(still, 50)).pixels).toEqual((await decodeImage(still, 50, exact)).pixels)
    expect([...(await wholePicture(still)).pixels.subarray(0, 3)]).toEqual([255, 0, 0])
  })
})
