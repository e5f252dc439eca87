import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import * as operations from '#internal/augmentation/pixel-operations.js'
import { renderView } from '#internal/resampling/render-view.js'

interface Golden {
  readonly source: string
  readonly width: number
  readonly height: number
  readonly size: number
  readonly pixels: readonly number[]
  readonly resized: readonly { readonly box: Parameters<typeof renderView>[1]['box']; readonly pixels: readonly number[] }[]
  readonly square: readonly number[]
  readonly operations: readonly { readonly name: string; readonly value: number; readonly pixels: readonly number[] }[]
}
const golden: Golden = JSON.parse(await readFile(new URL('./golden/pillow.json', import.meta.url), 'utf8'))

const largestDifference = (one: Uint8Array, other: readonly number[]) =>
  one.reduce((most, value, index) => Math.max(most, Math.abs(value - other[index]!)), 0)

describe(`the pixels of ${golden.source}`, () => {
  it.each(golden.resized)('resampled from $box', ({ box, pixels }) => {
    const image = { width: golden.width, height: golden.height, pixels: Uint8Array.from(golden.pixels) }
    const received = new Uint8Array(golden.size ** 2 * 3)
    renderView(image, { box, mirrored: false }, golden.size, received)
    expect([...received]).toEqual(pixels)
  })

  it.each(golden.operations)('$name $value', ({ name, value, pixels }) => {
    const received = Uint8Array.from(golden.square)
    if (name === 'sharpness') operations.sharpness(received, golden.size, value)
    else (operations as unknown as Record<string, (pixels: Uint8Array, value: number) => void>)[name]!(received, value)
    // Pillow cuts fractions off where we round
    expect(largestDifference(received, pixels)).toBeLessThanOrEqual(1)
  })
})
