import { join } from 'node:path'
import type { Fit, Preprocessing } from '@mnas/core/contracts'
import { frameOf, placingOf, readPicture } from '@mnas/images/fitting'
import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { temporaryFolder, writeFiles } from './support/pictures.js'

const size = fc.record({ width: fc.integer({ min: 1, max: 3000 }), height: fc.integer({ min: 1, max: 3000 }) })
const fits: readonly Fit[] = [
  { kind: 'crop', fraction: 0.875 },
  { kind: 'crop', fraction: 1 },
  { kind: 'stretch' },
  { kind: 'letterbox', fill: [114, 114, 114] },
]
const inputSize = fc.integer({ min: 16, max: 512 })

describe('a photo in the input of a model', () => {
  it.each(fits)('lies there whole or fills it, and its middle is in the middle (%j)', (fit) => {
    fc.assert(
      fc.property(size, inputSize, (photo, side) => {
        const placing = placingOf(photo, side, fit)
        const { part, left, top, to } = placing
        const inside = left >= 0 && top >= 0 && left + part.width <= side && top + part.height <= side
        expect(inside).toBe(true)
        expect(part.left >= 0 && part.top >= 0 && part.left + part.width <= to.width && part.top + part.height <= to.height).toBe(
          true,
        )
        if (fit.kind !== 'letterbox') expect([part.width, part.height]).toEqual([side, side])
        else expect(Math.max(part.width, part.height)).toBe(side)
        const { scale, offset } = frameOf(photo, placing)
        // Half a pixel of each rounding: of the stored form, of the kept middle and of the crop.
        expect(Math.abs((photo.width / 2) * scale[0] + offset[0] - side / 2)).toBeLessThanOrEqual(1 + scale[0])
        expect(Math.abs((photo.height / 2) * scale[1] + offset[1] - side / 2)).toBeLessThanOrEqual(1 + scale[1])
      }),
    )
  })

  it('keeps its shape but for a stretch', () => {
    const photo = { width: 640, height: 480 }
    const scaleOf = (fit: Fit) => frameOf(photo, placingOf(photo, 320, fit)).scale
    expect(scaleOf({ kind: 'letterbox', fill: [0, 0, 0] })).toEqual([0.5, 0.5])
    expect(scaleOf({ kind: 'stretch' })).toEqual([0.5, 320 / 480])
    const [x, y] = scaleOf({ kind: 'crop', fraction: 1 })
    expect(x).toBeCloseTo(y, 2)
  })
})

/** 120×60: a red square of 60 on the left, blue on the right. */
const halves = () =>
  sharp({ create: { width: 120, height: 60, channels: 3, background: '#0000ff' } })
    .composite([{ input: { create: { width: 60, height: 60, channels: 3, background: '#ff0000' } }, left: 0, top: 0 }])
    .png()
    .toBuffer()

const plain = (fit: Fit): Preprocessing => ({ fit, mean: [0, 0, 0], std: [1, 1, 1], exif: 'applied' })

describe('reading a picture', () => {
  it.each([
    [
      { kind: 'letterbox', fill: [1, 2, 3] },
      { corner: [1, 2, 3], left: [255, 0, 0], right: [0, 0, 255] },
    ],
    [{ kind: 'stretch' }, { corner: [255, 0, 0], left: [255, 0, 0], right: [0, 0, 255] }],
    [
      { kind: 'crop', fraction: 1 },
      { corner: [255, 0, 0], left: [255, 0, 0], right: [0, 0, 255] },
    ],
  ] as const)('puts it where the fit says (%j)', async (fit, expected) => {
    const folder = await temporaryFolder()
    await writeFiles(folder, { 'halves.png': await halves() })
    const { inputs, frame } = await readPicture(join(folder, 'halves.png'), 32, plain(fit))
    const at = (x: number, y: number) => [...inputs['image']!.data.slice(3 * (32 * y + x), 3 * (32 * y + x) + 3)]
    expect({ corner: at(0, 0), left: at(4, 16), right: at(27, 16) }).toEqual(expected)
    expect(frame.photo).toEqual({ width: 120, height: 60 })
    // The border between the colours lies in the middle of the photo.
    expect((16 - frame.offset[0]) / frame.scale[0]).toBeCloseTo(60)
  })

  it('names the file that cannot be read', async () => {
    const folder = await temporaryFolder()
    await writeFiles(folder, { 'a.jpg': 'text' })
    await expect(readPicture(join(folder, 'a.jpg'), 32, plain({ kind: 'stretch' }))).rejects.toMatchObject({
      code: 'MNAS_DATA_IMAGE',
    })
    await expect(readPicture(join(folder, 'b.jpg'), 32, plain({ kind: 'stretch' }))).rejects.toThrow(/b\.jpg/)
  })
})
