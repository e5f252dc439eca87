import { hashBytes } from '@mnas/core/files'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { fileSource } from '#internal/decoding/file-source.js'
import { knownSizes } from '#internal/decoding/image-files.js'
import { cutBox } from '#internal/decoding/stored-image.js'
import { wholeImage } from '#internal/geometry/box.js'
import { packPaths } from '#internal/listing/path-table.js'
import { held, places } from './support/held.js'
import { picture, temporaryFolder, writeFiles } from './support/pictures.js'
import { quadrants } from './support/quadrants.js'

describe('an image', () => {
  it('is decoded in parts to the very bytes of the whole, turned or long as it may be', async () => {
    const folder = await temporaryFolder()
    const upright = await quadrants()
    const files: Record<string, Buffer> = {
      'long.jpg': await picture(3, 'jpeg', 300, 90),
      'large.jpg': await picture(4, 'jpeg', 640, 480),
    }
    for (const orientation of Object.keys(places))
      files[`${orientation}.jpg`] = await (await held(upright, Number(orientation))).jpeg().toBuffer()
    files['grey.png'] = await sharp(upright).toColourspace('b-w').png().toBuffer()
    await writeFiles(folder, files)
    const names = Object.keys(files)
    const source = fileSource({ folder, paths: packPaths(names), known: knownSizes(names.length) }, 60)
    for (const [image, name] of names.entries()) {
      const whole = await source.read(image, wholeImage)
      if ('reason' in whole) throw new Error(whole.reason)
      for (const [left, top, right, bottom] of [
        [0, 0, 0, 0],
        [3, 5, 7, 11],
        [20, 1, 0, 40],
        [59, 59, 0, 0],
      ] as const) {
        const box = { left, top, width: whole.width - left - right, height: whole.height - top - bottom }
        const part = await source.read(image, () => box)
        if ('reason' in part) throw new Error(part.reason)
        expect([part.width, part.height]).toEqual([box.width, box.height])
        expect([name, box, hashBytes(part.pixels)]).toEqual([name, box, hashBytes(cutBox(whole, box).pixels)])
      }
    }
  })
})
