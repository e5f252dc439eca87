import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toFloat16 } from '#internal/quantization/float16.js'

/** The definition, IEEE 754 binary16. */
function decoded(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 0) return sign * fraction * 2 ** -24
  return exponent === 31 ? sign * Number.POSITIVE_INFINITY : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
const bitsOf = (value: number) => toFloat16(Float32Array.of(value))[0]!

describe('toFloat16', () => {
  it.each([
    [0, 0x0000],
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [2 ** -14, 0x0400],
    [2 ** -24, 0x0001],
    [1 / 3, 0x3555],
    // Ties go to the even neighbour.
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [2 ** -25, 0x0000],
    [3 * 2 ** -25, 0x0002],
  ])('writes %d as the standard does', (value, bits) => {
    expect(bitsOf(value)).toBe(bits)
  })

  it('keeps what is too large finite', () => {
    expect([1e6, -1e6, 65520, Number.MAX_VALUE].map((value) => decoded(bitsOf(value)))).toEqual([65504, -65504, 65504, 65504])
  })

  it('gives every float16 back', () => {
    for (let bits = 0; bits < 0x7c00; bits++) expect(bitsOf(decoded(bits))).toBe(bits)
  })

  it('is the nearest one', () => {
    fc.assert(
      fc.property(fc.float({ min: -65000, max: 65000, noNaN: true }), (value) => {
        const bits = bitsOf(value)
        const error = Math.abs(decoded(bits) - value)
        const neighbours = [bits - 1, bits + 1].filter(
          (other) => (other & 0x7fff) < 0x7c00 && (other & 0x8000) === (bits & 0x8000),
        )
        for (const other of neighbours) expect(Math.abs(decoded(other) - value)).toBeGreaterThanOrEqual(error)
      }),
    )
  })
})
