import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { epochOrder } from '#internal/random/random.js'
import { renderView } from '#internal/resampling/render-view.js'

const sizes = fc.record({ width: fc.integer({ min: 8, max: 60 }), height: fc.integer({ min: 8, max: 60 }) })

describe('an epoch', () => {
  it('is a permutation, each place equally likely', () => {
    const firsts = Array.from({ length: 8 }, () => 0)
    for (let epoch = 0; epoch < 800; epoch++) {
      const order = epochOrder(3, epoch, 8)
      expect([...order].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
      firsts[order[0]!]!++
    }
    for (const count of firsts) expect(Math.abs(count - 100)).toBeLessThan(45)
  })
})

describe('rendering', () => {
  const render = (
    image: { width: number; height: number; pixels: Uint8Array },
    view: Parameters<typeof renderView>[1],
    size: number,
  ) => {
    const pixels = new Uint8Array(size * size * 3)
    renderView(image, view, size, pixels)
    return [...pixels]
  }
  const imageOf = (
    { width, height }: { width: number; height: number },
    value: (x: number, y: number, channel: number) => number,
  ) => ({
    width,
    height,
    pixels: Uint8Array.from({ length: width * height * 3 }, (_, at) =>
      value(Math.floor(at / 3) % width, Math.floor(at / 3 / width), at % 3),
    ),
  })

  it('copies a box of the input size, mirrored when asked', () => {
    const image = imageOf({ width: 9, height: 7 }, (x, y, channel) => 20 * x + 3 * y + channel)
    const box = { left: 2, top: 1, width: 4, height: 4 }
    const at = (x: number, y: number, channel: number) => 20 * (x + 2) + 3 * (y + 1) + channel
    const expected = (mirrored: boolean) =>
      Array.from({ length: 48 }, (_, i) => {
        const x = Math.floor(i / 3) % 4
        return at(mirrored ? 3 - x : x, Math.floor(i / 12), i % 3)
      })
    for (const mirrored of [false, true]) {
      expect(render(image, { box, mirrored }, 4)).toEqual(expected(mirrored))
    }
  })

  it('halves by the 1-3-3-1 triangle and doubles by quarters', () => {
    const shrink = render(
      imageOf({ width: 4, height: 4 }, (x) => [0, 80, 160, 240][x]!),
      { box: { left: 0, top: 0, width: 4, height: 4 }, mirrored: false },
      2,
    )
    // (.75·0 + .75·80 + .25·160) / 1.75
    expect(shrink[0]).toBe(Math.round(100 / 1.75))
    const grow = render(
      imageOf({ width: 2, height: 2 }, (x) => [0, 200][x]!),
      { box: { left: 0, top: 0, width: 2, height: 2 }, mirrored: false },
      4,
    )
    expect([0, 3, 6, 9].map((at) => grow[at])).toEqual([0, 50, 150, 200])
  })

  it('keeps a plain colour and never leaves the range of its pixels', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 40 }), fc.boolean(), fc.nat(255), (size, outputs, mirrored, value) => {
        const box = { left: 0, top: 0, ...size }
        const plain = render(
          imageOf(size, () => value),
          { box, mirrored },
          outputs,
        )
        expect(plain.every((found) => found === value)).toBe(true)
        const noise = render(
          imageOf(size, (x, y, channel) => (x * 71 + y * 37 + channel * 13) % 200),
          { box, mirrored },
          outputs,
        )
        expect(noise.every((found) => found < 200)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })
})
