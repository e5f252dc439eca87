import { join } from 'node:path'
import type { ModelInput } from '@mnas/core/contracts'
import { storageSize, storedSize } from '@mnas/images/geometry'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { preprocessing } from '#internal/preprocessing.js'
import { readInput } from '#internal/read-input.js'
import { held, places } from '../../images/test/support/held.js'
import { temporaryFolder, writeFiles } from '../../images/test/support/pictures.js'
import { block, quadrants } from '../../images/test/support/quadrants.js'

const pixels = ({ inputs: { image } }: ModelInput) => [...image!.data].map((value) => Math.round(value * 127.5 + 127.5))

describe('an image', () => {
  it('stands upright whatever its EXIF orientation, in every format', async () => {
    const folder = await temporaryFolder()
    const upright = await quadrants()
    await writeFiles(folder, { 'upright.png': upright })
    const expected = pixels(await readInput(join(folder, 'upright.png'), 28))
    expect(expected.slice(0, 3)).toEqual([255, 0, 0])
    for (const orientation of Object.keys(places)) {
      const tagged = await held(upright, Number(orientation))
      const files = {
        'lossless.png': await tagged.clone().png().toBuffer(),
        'lossless.webp': await tagged.clone().webp({ lossless: true }).toBuffer(),
        'photo.jpg': await tagged.clone().jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer(),
      }
      await writeFiles(folder, files)
      for (const name of Object.keys(files)) {
        const found = pixels(await readInput(join(folder, name), 28))
        // Shrinking while decoding differs at edges; a wrong turn differs by 60 on average.
        const difference = found.reduce((sum, value, index) => sum + Math.abs(value - expected[index]!), 0) / found.length
        expect([orientation, name, difference < 6]).toEqual([orientation, name, true])
      }
    }
  })

  it('becomes RGB: grey, transparency on white, palettes', async () => {
    const folder = await temporaryFolder()
    const create = (background: string | { r: number; g: number; b: number; alpha: number }) =>
      sharp({ create: { width: 30, height: 30, channels: 4, background } })
    await writeFiles(folder, {
      'grey.jpg': await create('#808080').flatten().toColourspace('b-w').jpeg().toBuffer(),
      'grey.png': await create('#808080').flatten().toColourspace('b-w').png().toBuffer(),
      'clear.png': await create({ r: 10, g: 20, b: 30, alpha: 0 }).png().toBuffer(),
      'half.webp': await create({ r: 255, g: 0, b: 0, alpha: 0.5 }).webp({ lossless: true }).toBuffer(),
      'palette.png': await create('#ff8000').flatten().png({ palette: true }).toBuffer(),
    })
    const colour = async (name: string) => pixels(await readInput(join(folder, name), 16)).slice(0, 3)
    expect(await colour('grey.jpg')).toEqual([128, 128, 128])
    expect(await colour('grey.png')).toEqual([128, 128, 128])
    expect(await colour('clear.png')).toEqual([255, 255, 255])
    expect((await colour('half.webp')).map((value) => Math.round(value / 8))).toEqual([32, 16, 16])
    expect(await colour('palette.png')).toEqual([255, 128, 0])
  })

  it('is cut from its middle, 7/8 of the short side, mapped to −1 … 1', async () => {
    const folder = await temporaryFolder()
    const edge = { input: await block(44, 64, '#ffffff'), left: 106, top: 0 }
    const wide = sharp({ create: { width: 256, height: 64, channels: 3, background: '#000000' } })
    await writeFiles(folder, { 'wide.png': await wide.composite([edge]).png().toBuffer() })
    const {
      inputs: { image },
    } = await readInput(join(folder, 'wide.png'), 56)
    expect(image!.shape).toEqual([1, 56, 56, 3])
    const row = Array.from({ length: 56 }, (_, x) => image!.data[3 * x]!)
    expect(row).toEqual(Array.from({ length: 56 }, (_, x) => (x >= 6 && x < 50 ? 1 : -1)))
  })

  it('is stored with a short side of inputSize / .875 and at most twice as long', () => {
    expect(preprocessing.fit).toEqual({ kind: 'crop', fraction: 0.875 })
    expect([32, 96, 160, 224].map((size) => storageSize(size, preprocessing))).toEqual([37, 110, 183, 256])
    expect(storedSize({ width: 640, height: 480 }, 110)).toEqual({ width: 147, height: 110 })
    expect(storedSize({ width: 480, height: 640 }, 110)).toEqual({ width: 110, height: 147 })
    expect(storedSize({ width: 1, height: 20000 }, 110)).toEqual({ width: 110, height: 220 })
  })

  it("becomes what another model's preprocessing makes of it: per-channel mean and deviation, another share of the middle", async () => {
    const folder = await temporaryFolder()
    const edge = { input: await block(32, 64, '#ff8000'), left: 16, top: 0 }
    const image = sharp({ create: { width: 64, height: 64, channels: 3, background: '#000000' } })
    await writeFiles(folder, { 'middle.png': await image.composite([edge]).png().toBuffer() })
    const how = { ...preprocessing, fit: { kind: 'crop', fraction: 1 }, mean: [10, 20, 30], std: [1, 2, 4] } as const
    const { data } = (await readInput(join(folder, 'middle.png'), 64, how)).inputs['image']!
    const row = Array.from({ length: 64 }, (_, x) => [...data.subarray(3 * x, 3 * x + 3)])
    const [inside, outside] = [
      [245, 54, -7.5],
      [-10, -10, -7.5],
    ]
    expect(row).toEqual(Array.from({ length: 64 }, (_, x) => (x >= 16 && x < 48 ? inside : outside)))
  })

  it('may be a line', async () => {
    const folder = await temporaryFolder()
    await writeFiles(folder, { 'line.png': await block(3000, 1, '#102030'), 'dot.png': await block(1, 1, '#102030') })
    expect(pixels(await readInput(join(folder, 'line.png'), 32)).slice(0, 3)).toEqual([16, 32, 48])
    expect(pixels(await readInput(join(folder, 'dot.png'), 32)).slice(-3)).toEqual([16, 32, 48])
  })
})
