import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { drawPicture, pictureLabels } from '#internal/demo/draw-picture.js'
import { drawPictures } from '#internal/demo/draw-pictures.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mnas-pictures-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('drawPictures', () => {
  it('writes readable JPEG and PNG files, the same for the same seed', async () => {
    const set = { training: 2, validation: 1, size: 24, seed: 5 }
    for (const name of ['a', 'b']) await drawPictures({ ...set, folder: join(folder, name) })
    for (const label of pictureLabels) {
      expect((await readdir(join(folder, 'a', 'train', label))).sort()).toEqual([`${label}-000.jpg`, `${label}-001.png`])
      expect(await readdir(join(folder, 'a', 'val', label))).toEqual([`${label}-000.jpg`])
      for (const file of [`train/${label}/${label}-000.jpg`, `train/${label}/${label}-001.png`]) {
        const bytes = await readFile(join(folder, 'a', file))
        expect(bytes).toEqual(await readFile(join(folder, 'b', file)))
        expect(await sharp(bytes).metadata()).toMatchObject({ width: 24, height: 24, channels: 3 })
      }
    }
  })

  it('draws another picture each time, with a figure that stands out', () => {
    const random = xoroshiro128plus(1)
    const pictures = pictureLabels.flatMap((label) => [drawPicture(label, 32, random), drawPicture(label, 32, random)])
    expect(new Set(pictures.map((pixels) => Buffer.from(pixels).toString('base64'))).size).toBe(pictures.length)
    for (const pixels of pictures) {
      const values = Array.from(pixels, Number)
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length
      const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
      expect(deviation).toBeGreaterThan(15)
    }
  })
})
