import { describe, expect, it } from 'vitest'
import { rotation, shearX, shift, transform } from '#internal/augmentation/affine.js'
import { hue } from '#internal/augmentation/pixel-operations.js'

const size = 6
const noise = (seed = 1) =>
  Uint8Array.from({ length: size * size * 3 }, (_, index) => (Math.imul(index + seed, 2654435761) >>> 24) & 0xff)
const red = (pixels: Uint8Array) =>
  Array.from({ length: size }, (_, y) => Array.from({ length: size }, (_, x) => pixels[(y * size + x) * 3]))

describe('hue', () => {
  it('turns red into green and blue, and leaves grey', () => {
    const turned = (turn: number, ...pixel: number[]) => {
      const pixels = Uint8Array.from(pixel)
      hue(pixels, turn)
      return [...pixels]
    }
    expect(turned(1 / 3, 200, 20, 20)).toEqual([20, 200, 20])
    expect(turned(-1 / 3, 200, 20, 20)).toEqual([20, 20, 200])
    expect(turned(0.5, 200, 20, 20)).toEqual([20, 200, 200])
    expect(turned(1 / 12, 240, 0, 0)).toEqual([240, 120, 0])
    expect(turned(0.3, 90, 90, 90)).toEqual([90, 90, 90])
    expect(turned(0, 12, 140, 99)).toEqual([12, 140, 99])
  })
})

describe('an affine map', () => {
  it('shifts, turns and shears about the middle, grey outside', () => {
    const moved = noise()
    transform(moved, size, shift(2, -1))
    const expected = red(noise()).map((_, y, rows) => rows[y]!.map((_, x) => rows[y - 1]?.[x + 2] ?? 128))
    expect(red(moved)).toEqual(expected)
    const turned = noise()
    transform(turned, size, rotation(90))
    expect(red(turned)).toEqual(red(noise()).map((_, y, rows) => rows.map((_, x) => rows[size - 1 - x]![y])))
    const still = noise()
    transform(still, size, shearX(0))
    expect(still).toEqual(noise())
    const sheared = noise()
    transform(sheared, size, shearX(2))
    expect(red(sheared)[0]!.slice(5)).toEqual([red(noise())[0]![0]])
  })
})
