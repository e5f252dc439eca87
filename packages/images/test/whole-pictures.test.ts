import { join } from 'node:path'
import { decodePart, fileSource, knownSizes } from '@mnas/images/decoding'
import { readPicture } from '@mnas/images/fitting'
import { keptOf, storageSize, wholeImage } from '@mnas/images/geometry'
import { packPaths } from '@mnas/images/listing'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { fittedSource } from '#internal/fitting/fitted-source.js'
import { temporaryFolder, writeFiles } from './support/pictures.js'

const preprocessing = { fit: { kind: 'stretch' }, mean: [0, 0, 0], std: [1, 1, 1], exif: 'applied' } as const

/** 200×40, four times as long as wide and more: red at the left end, blue at the right one. */
const long = (format: 'png' | 'jpeg') =>
  sharp({ create: { width: 200, height: 40, channels: 3, background: '#808080' } })
    .composite([
      { input: { create: { width: 20, height: 40, channels: 3, background: '#ff0000' } }, left: 0, top: 0 },
      { input: { create: { width: 20, height: 40, channels: 3, background: '#0000ff' } }, left: 180, top: 0 },
    ])
    .toFormat(format, { quality: 100, chromaSubsampling: '4:4:4' })
    .toBuffer()

describe('a picture of which all is shown', () => {
  it('is stored with a quarter more than the input, whatever fit but a crop', () => {
    expect(storageSize(32, preprocessing)).toBe(40)
    expect(storageSize(160, { fit: { kind: 'letterbox', fill: [0, 0, 0] } })).toBe(200)
    expect([keptOf(preprocessing), keptOf({ fit: { kind: 'crop', fraction: 1 } })]).toEqual(['whole', 'middle'])
  })

  it.each([
    ['png', false],
    ['png', true],
    ['jpeg', false],
    ['jpeg', true],
  ] as const)('keeps both ends when it is long, squeezed (%s, exact %s)', async (format, exact) => {
    const bytes = await long(format)
    const { width, height, pixels } = await decodePart(bytes, { short: 20, kept: 'whole', choose: wholeImage }, { exact })
    expect([width, height]).toEqual([40, 20])
    const pixel = (x: number) => [...pixels.subarray(3 * (10 * width + x), 3 * (10 * width + x) + 3)]
    const close = (rgb: readonly number[]) => rgb.map((value) => expect.closeTo(value, -1.2))
    expect([pixel(1), pixel(38)]).toEqual([close([255, 0, 0]), close([0, 0, 255])])
  })

  it('is evaluated by the pixels of readPicture', async () => {
    const folder = await temporaryFolder()
    await writeFiles(folder, { 'long.jpeg': await long('jpeg') })
    const { inputs } = await readPicture(join(folder, 'long.jpeg'), 24, preprocessing)
    const files = { folder, paths: packPaths(['long.jpeg', 'none.jpeg']), known: knownSizes(2), preprocessing }
    const read = await fittedSource(files, 24).read(0, wholeImage)
    expect('pixels' in read && [...read.pixels]).toEqual([...inputs['image']!.data])
    expect(await fittedSource(files, 24).read(1, wholeImage)).toEqual(await fileSource(files, 24).read(1, wholeImage))
  })
})
