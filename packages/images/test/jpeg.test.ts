import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import fc from 'fast-check'
import sharp, { type JpegOptions } from 'sharp'
import { describe, expect, it } from 'vitest'
import { decodeImage, decoderVersion } from '#internal/decoding/decode-image.js'
import { keptMiddle, storedSize } from '#internal/geometry/stored-form.js'
import { readJpegHeader } from '#internal/headers/jpeg-header.js'
import { held, places } from './support/held.js'
import { picture, temporaryFolder, writeFiles } from './support/pictures.js'
import { resampleReference } from './support/resample-reference.js'

const run = promisify(execFile)
const photo = (width: number, height: number) => picture(11, 'jpeg', width, height)
const as = async (options: JpegOptions, grey = false, width = 96) => {
  const image = sharp(await picture(7, 'png', width, 72)).blur(2)
  return (grey ? image.toColourspace('b-w') : image).jpeg(options).toBuffer()
}

/** A TIFF directory with two entries, the second the orientation, in an APP1 segment. */
function exif(order: 'II' | 'MM', orientation: number): Buffer {
  const little = order === 'II'
  const short = (value: number) => (little ? [value & 255, value >> 8] : [value >> 8, value & 255])
  const long = (value: number) => (little ? [...short(value), 0, 0] : [0, 0, ...short(value)])
  const entry = (tag: number, value: number) => [...short(tag), ...short(3), ...long(1), ...short(value), 0, 0]
  const directory = [...short(2), ...entry(0x0100, 96), ...entry(0x0112, orientation), ...long(0)]
  const body = [...Buffer.from('Exif\0\0'), ...Buffer.from(order), ...short(42), ...long(8), ...directory]
  return Buffer.from([0xff, 0xe1, (body.length + 2) >> 8, (body.length + 2) & 255, ...body])
}

describe('the header of a JPEG', () => {
  it('says the size, the number of scans and how it is to be turned, as sharp does', async () => {
    const upright = await picture(3, 'png', 40, 24)
    const files = [await as({}), await as({ progressive: true }), await as({ chromaSubsampling: '4:4:4' }), await as({}, true)]
    for (const orientation of Object.keys(places)) files.push(await (await held(upright, Number(orientation))).jpeg().toBuffer())
    for (const order of ['II', 'MM'] as const)
      for (const orientation of [0, 1, 3, 6, 8, 9]) {
        const plain = await photo(30, 20)
        files.push(Buffer.concat([plain.subarray(0, 2), exif(order, orientation), plain.subarray(2)]))
      }
    for (const file of files) {
      const { width, height, orientation = 1, isProgressive, channels } = await sharp(file).metadata()
      const header = readJpegHeader(file)!
      const turn = orientation >= 1 && orientation <= 8 ? orientation : 1
      expect({ ...header, scans: header.scans > 1 }).toEqual({
        width,
        height,
        components: channels,
        orientation: turn,
        scans: isProgressive,
      })
    }
  })

  it('is undefined where there is none, and never an exception', async () => {
    const whole = Buffer.concat([(await as({})).subarray(0, 2), exif('MM', 6), (await as({})).subarray(2)])
    expect(readJpegHeader(await picture(1, 'png'))).toBeUndefined()
    expect(readJpegHeader(Buffer.alloc(0))).toBeUndefined()
    const cmyk = await sharp(await photo(20, 20))
      .toColourspace('cmyk')
      .jpeg()
      .toBuffer()
    expect(readJpegHeader(cmyk)).toMatchObject({ components: 4 })
    const cuts = fc.record({ end: fc.nat(whole.length), at: fc.nat(200), value: fc.nat(255) })
    fc.assert(
      fc.property(cuts, ({ end, at, value }) => {
        const bytes = Buffer.from(whole.subarray(0, end))
        if (at < end) bytes[at] = value
        readJpegHeader(bytes)
      }),
      { numRuns: 500 },
    )
  })
})

describe('a JPEG', () => {
  it('is resampled from all of its pixels as libjpeg-turbo decodes them, beside the exact ones', async () => {
    const files = {
      ycc420: await as({}),
      ycc444: await as({ chromaSubsampling: '4:4:4' }),
      progressive: await as({ progressive: true }),
    }
    for (const [name, bytes] of Object.entries({ ...files, grey: await as({}, true), long: await as({}, false, 250) })) {
      const { data, info } = await sharp(bytes).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true })
      const image = { width: info.width, height: info.height, pixels: data }
      const to = storedSize(image, 40)
      const exact = resampleReference(image, { from: keptMiddle(image), to })
      const stored = await decodeImage(bytes, 40)
      expect([name, stored.width, stored.height, stored.upright]).toEqual([name, to.width, to.height, { ...sizeOf(image) }])
      const difference = stored.pixels.reduce((sum, byte, at) => sum + Math.abs(byte - exact[at]!), 0) / exact.length
      expect([name, difference < 1]).toEqual([name, true])
    }
  })

  it('is turned by its EXIF orientation, whatever that is', async () => {
    const upright = sharp(await picture(5, 'png', 64, 48)).blur(3)
    const png = await upright.png().toBuffer()
    const expected = await decodeImage(await upright.jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer(), 24)
    for (const orientation of Object.keys(places)) {
      const turned = (await held(png, Number(orientation))).jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
      const { pixels, width, height } = await decodeImage(await turned.toBuffer(), 24)
      expect([orientation, width, height]).toEqual([orientation, expected.width, expected.height])
      const difference = Math.max(...pixels.map((byte, at) => Math.abs(byte - expected.pixels[at]!)))
      expect([orientation, difference <= 4]).toEqual([orientation, true])
    }
  })

  it('is refused exactly where sharp refuses it, which reads what decoders only warn of, and not what is cut short', async () => {
    const sources = [await as({}), await as({ progressive: true }), await as({ chromaSubsampling: '4:4:4' }), await as({}, true)]
    const damage = fc.record({
      source: fc.constantFrom(...sources),
      at: fc.nat(1e6),
      how: fc.constantFrom('cut', 'flip', 'fill', 'drop', 'insert'),
      value: fc.nat(255),
      length: fc.integer({ min: 1, max: 40 }),
    })
    const seen = { accepted: 0, refused: 0 }
    await fc.assert(
      fc.asyncProperty(damage, async ({ source, at, how, value, length }) => {
        const place = 2 + (at % (source.length - 2))
        const bytes = damaged[how](source, place, value, length)
        const header = readJpegHeader(bytes)
        if (!header || header.width * header.height > 1e6) return
        const reading = sharp(bytes, { failOn: 'error', ignoreIcc: true }).raw().toBuffer()
        const accepted = await succeeds(reading)
        seen[accepted ? 'accepted' : 'refused']++
        expect(await succeeds(decodeImage(bytes, 1000))).toBe(accepted)
      }),
      { numRuns: 300 },
    )
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(30)
  })

  it('is decoded by sharp alone where libjpeg-turbo is not installed, to the exact pixels, and the cache is another', async () => {
    const bytes = await as({ quality: 95 })
    const folder = await temporaryFolder()
    await writeFiles(folder, { 'photo.jpg': bytes })
    const script = `
      const { decodeImage, decoderVersion } = await import(${JSON.stringify(new URL('../dist/decoding/decode-image.js', import.meta.url).href)})
      const { readFileSync } = await import('node:fs')
      const { pixels } = await decodeImage(readFileSync(process.argv[1]), 40)
      console.log(JSON.stringify({ version: await decoderVersion(), pixels: [...pixels] }))`
    const hook = fileURLToPath(new URL('./support/without-jpeg-turbo.mjs', import.meta.url))
    const args = ['--import', hook, '--input-type=module', '-e', script, join(folder, 'photo.jpg')]
    const { version, pixels } = JSON.parse((await run(process.execPath, args)).stdout)
    const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true })
    const image = { width: info.width, height: info.height, pixels: data }
    expect(pixels).toEqual([...resampleReference(image, { from: keptMiddle(image), to: storedSize(image, 40) })])
    expect(await decoderVersion()).toMatch(/^jpeg-turbo 2\.\d+\.\d+ sharp /)
    expect(version).toMatch(/^no jpeg-turbo sharp /)
  })
})

const sizeOf = ({ width, height }: { readonly width: number; readonly height: number }) => ({ width, height })
const succeeds = (promise: Promise<unknown>) =>
  promise.then(
    () => true,
    () => false,
  )
const damaged = {
  cut: (source: Buffer, at: number) => source.subarray(0, at),
  flip: (source: Buffer, at: number, value: number) =>
    Buffer.concat([source.subarray(0, at), Buffer.from([value]), source.subarray(at + 1)]),
  fill: (source: Buffer, at: number, value: number, length: number) =>
    Buffer.from(source).fill(value, at, Math.min(source.length, at + length)),
  drop: (source: Buffer, at: number, _: number, length: number) =>
    Buffer.concat([source.subarray(0, at), source.subarray(at + length)]),
  insert: (source: Buffer, at: number, value: number) =>
    Buffer.concat([source.subarray(0, at), Buffer.from([value]), source.subarray(at)]),
}
