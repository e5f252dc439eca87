import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { affineOfRange, toIntegers } from '#internal/quantization/affine.js'
import { correctedBias } from '#internal/quantization/correct-bias.js'
import { integerKernel } from '#internal/quantization/integer-kernel.js'

const weights = fc.array(fc.float({ min: -10, max: 10, noNaN: true }), { minLength: 24, maxLength: 24 })

describe('integerKernel', () => {
  it.each([
    { shape: [4, 1, 2, 3], axis: 0, channelOf: (i: number) => Math.floor(i / 6) },
    { shape: [1, 2, 3, 4], axis: 3, channelOf: (i: number) => i % 4 },
    { shape: [4, 6], axis: 0, channelOf: (i: number) => Math.floor(i / 6) },
  ])('rounds each weight of [$shape] to the nearest level of its channel', ({ shape, axis, channelOf }) => {
    fc.assert(
      fc.property(weights, (values) => {
        const data = Float32Array.from(values)
        const { data: stored, quantization } = integerKernel({ shape, axis, data }, { perChannel: true })
        const { scale } = quantization
        expect(scale).toHaveLength(4)
        expect(quantization).toMatchObject({ axis, zeroPoint: [0, 0, 0, 0] })
        data.forEach((value, i) => {
          const step = scale[channelOf(i)]!
          expect(Math.abs(value - step * stored[i]!)).toBeLessThanOrEqual(step / 2 + 1e-6)
          expect(Math.abs(stored[i]!)).toBeLessThanOrEqual(127)
        })
      }),
    )
  })

  it('uses one scale for all where asked to, of the largest weight', () => {
    const data = Float32Array.of(1, -2, 127, 4)
    const { quantization, data: stored } = integerKernel({ shape: [2, 2], axis: 0, data }, { perChannel: false })
    expect(quantization).toEqual({ scale: Float32Array.of(1), zeroPoint: [0], axis: 0 })
    expect([...stored]).toEqual([1, -2, 127, 4])
  })

  it('gives a dead channel a scale, and one as large as its bias needs', () => {
    const kernel = { shape: [2, 2], axis: 0, data: Float32Array.of(0, 0, 1, 1) }
    const [dead] = integerKernel(kernel, { perChannel: true }).quantization.scale
    expect(dead).toBeGreaterThan(0)
    const [wide] = integerKernel(kernel, { perChannel: true, least: () => 0.5 }).quantization.scale
    expect(wide).toBe(0.5)
  })
})

describe('the levels of a range', () => {
  it('hold 0 exactly and reach both ends', () => {
    const ends = fc.tuple(fc.float({ min: -100, max: 100, noNaN: true }), fc.float({ min: -100, max: 100, noNaN: true }))
    fc.assert(
      fc.property(ends, ([a, b]) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)]
        const affine = affineOfRange({ low, high })
        expect([...toIntegers(Float32Array.of(0), affine)]).toEqual([affine.zeroPoint])
        const back = [...toIntegers(Float32Array.of(low, high), affine)].map((q) => affine.scale * (q - affine.zeroPoint))
        expect(Math.abs(back[0]! - low)).toBeLessThanOrEqual(affine.scale * 1.01)
        expect(Math.abs(back[1]! - high)).toBeLessThanOrEqual(affine.scale * 1.01)
      }),
    )
  })
})

describe('correctedBias', () => {
  it('takes off what rounding adds to the mean of the output, in each layout', () => {
    const inputMean = Float64Array.of(1, -3)
    const mean = (op: 'CONV_2D' | 'DEPTHWISE_CONV_2D', shape: readonly number[], axis: number, data: Float32Array) => {
      const kernel = { shape, axis, data }
      const rounded = integerKernel(kernel, { perChannel: true })
      const corrected = correctedBias(op, kernel, rounded, Float32Array.of(0.5, 0.25), inputMean)
      const restored = Float32Array.from(
        rounded.data,
        (q, i) => q * rounded.quantization.scale[axis === 0 ? Math.floor(i / 4) : i % 2]!,
      )
      const output = (weightsOf: Float32Array, bias: Float32Array) =>
        [0, 1].map((out) =>
          weightsOf.reduce((sum, w, i) => {
            const [to, from] = axis === 0 ? [Math.floor(i / 4), i % 2] : [i % 2, i % 2]
            return to === out ? sum + w * inputMean[from]! : sum
          }, bias[out]!),
        )
      return { exact: output(data, Float32Array.of(0.5, 0.25)), rounded: output(restored, corrected) }
    }
    const data = Float32Array.of(0.3, -0.77, 0.013, 0.9, -0.41, 0.23, 0.61, -0.117)
    for (const { exact, rounded } of [mean('CONV_2D', [2, 1, 2, 2], 0, data), mean('DEPTHWISE_CONV_2D', [1, 2, 2, 2], 3, data)]) {
      for (const [i, value] of exact.entries()) expect(rounded[i]).toBeCloseTo(value, 6)
    }
  })
})
