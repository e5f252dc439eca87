import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { decodeImage } from '#internal/decoding/decode-image.js'
import { wholePicture } from '#internal/decoding/whole-picture.js'
import { lookAtFile, tryToDecode } from '#internal/scanning/look-at-file.js'
import { bmpFile } from './support/bmp.js'
import { temporaryFolder } from './support/pictures.js'

interface Golden {
  readonly source: string
  readonly files: readonly {
    readonly name: string
    readonly file: string
    readonly width: number
    readonly height: number
    readonly pixels: string
  }[]
}
const golden: Golden = JSON.parse(await readFile(new URL('./golden/formats.json', import.meta.url), 'utf8'))

describe(`what ${golden.source} reads`, () => {
  it.each(golden.files)('is read alike: $name', async ({ name, file, width, height, pixels }) => {
    const [bytes, expected] = [Buffer.from(file, 'base64'), Buffer.from(pixels, 'base64')]
    const folder = await temporaryFolder()
    await writeFile(join(folder, name), bytes)
    expect(lookAtFile(join(folder, name)).header).toMatchObject({ usable: true, width, height })
    expect(await tryToDecode(join(folder, name))).toBeUndefined()
    const picture = await wholePicture(bytes)
    expect([picture.width, picture.height]).toEqual([width, height])
    const difference = picture.pixels.reduce((most, byte, at) => Math.max(most, Math.abs(byte - expected[at]!)), 0)
    // AV1 and the inks of a JPEG pass through matrices that decoders round in their own ways.
    expect(difference).toBeLessThanOrEqual(/avif|jpg/.test(name) ? 3 : 0)
    const short = Math.min(width, height)
    expect((await decodeImage(bytes, short)).pixels.length).toBe(3 * width * height)
  })
})

describe('a BMP', () => {
  it('may have channels of any bits and stand on its head', async () => {
    const file = (height: number) =>
      bmpFile({ width: 3, height, bits: 16, masks: [0xf800, 0x7e0, 0x1f] }, [0xf800, 0x7e0, 0x1f, 0xffff, 0, 0x8410])
    const [red, green, blue, white, black, grey] = [
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
      [255, 255, 255],
      [0, 0, 0],
      [132, 130, 132],
    ]
    expect([...(await wholePicture(file(-2))).pixels]).toEqual([red, green, blue, white, black, grey].flat())
    expect([...(await wholePicture(file(2))).pixels]).toEqual([white, black, grey, red, green, blue].flat())
    const wide = bmpFile({ width: 1, height: 1, bits: 32, masks: [0xff000000, 0xff0000, 0xff00] }, [0x80402001])
    expect([...(await wholePicture(wide)).pixels]).toEqual([128, 64, 32])
  })

  it('is refused with a reason where it is cut short, compressed or nonsense, and never harms', async () => {
    const whole = bmpFile({ width: 5, height: 4, bits: 32, masks: [0xff0000, 0xff00, 0xff] }, [1, 2, 3])
    await expect(wholePicture(whole.subarray(0, whole.length - 1))).rejects.toThrow('truncated BMP')
    const compressed = Buffer.from(whole)
    compressed.writeUInt32LE(1, 30)
    await expect(wholePicture(compressed)).rejects.toThrow('a compressed BMP image; convert it')
    const damage = fc.record({ at: fc.integer({ min: 2, max: 70 }), value: fc.nat(255), end: fc.nat(whole.length) })
    await fc.assert(
      fc.asyncProperty(damage, async ({ at, value, end }) => {
        const bytes = Buffer.from(whole)
        bytes[at] = value
        await wholePicture(bytes.subarray(0, end)).catch((error: unknown) => expect(error).toBeInstanceOf(Error))
      }),
      { numRuns: 300 },
    )
  })
})

describe('16 bits per channel', () => {
  it('are scaled to 8, transparency laid on white', async () => {
    const values = new Uint16Array([0, 255, 256, 65535, 32767, 32768, 0x8080, 65535, 65535, 0, 0, 0])
    const file = await sharp(values, { raw: { width: 3, height: 1, channels: 4 } })
      .toColourspace('rgb16')
      .png()
      .toBuffer()
    expect([...(await wholePicture(file)).pixels]).toEqual([0, 0, 1, 127, 128, 128, 255, 255, 255])
  })
})
