import { rowOf } from '@mnas/core/algebra'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compensatedLevels, inputFactor } from '#internal/quantization/compensated-levels.js'
import { compensatedRounding } from '#internal/quantization/compensated-rounding.js'
import { integerKernel } from '#internal/quantization/integer-kernel.js'

/** Evenly over the range: doubles of their own are nearly all near 0. */
const numbers = (count: number, most: number) =>
  fc.array(
    fc.integer({ min: -1e6, max: 1e6 }).map((n) => (n / 1e6) * most),
    { minLength: count, maxLength: count },
  )

/** C = Σ x xᵀ of some rows, a lower triangle. */
function covarianceOf(rows: readonly (readonly number[])[], n: number): Float64Array {
  const covariance = new Float64Array(rowOf(n))
  for (const row of rows) for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) covariance[rowOf(i) + j]! += row[i]! * row[j]!
  return covariance
}

/** Σ (e · x)² over the rows: what the errors of the weights do to the output. */
function harm(rows: readonly (readonly number[])[], weights: ArrayLike<number>, scale: number, levels: Int8Array): number {
  return rows.reduce((sum, row) => {
    const error = row.reduce((total, x, i) => total + x * (weights[i]! - scale * levels[i]!), 0)
    return sum + error * error
  }, 0)
}

function rounded(rows: readonly (readonly number[])[], weights: readonly number[], scale: number) {
  const factor = inputFactor(covarianceOf(rows, weights.length), weights.length)
  const levels = new Int8Array(weights.length)
  compensatedLevels(Float64Array.from(weights), scale, factor, levels)
  return { levels, factor }
}

const nearest = (weights: readonly number[], scale: number) => Int8Array.from(weights, (weight) => Math.round(weight / scale))

describe('compensatedLevels', () => {
  const n = 8
  const scale = 0.01

  it('are the nearest ones where inputs vary each by itself, or not at all', () => {
    const alone = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? 1 + i : 0)))
    fc.assert(
      fc.property(numbers(n, 1), (weights) => {
        expect([...rounded(alone, weights, scale).levels]).toEqual([...nearest(weights, scale)])
        expect([...rounded([], weights, scale).levels]).toEqual([...nearest(weights, scale)])
      }),
    )
  })

  it('do no more harm than half a level of each input that the others leave open', () => {
    fc.assert(
      fc.property(fc.array(numbers(n, 3), { minLength: 3, maxLength: 30 }), numbers(n, 1), (rows, weights) => {
        const { levels, factor } = rounded(rows, weights, scale)
        if (!factor.factor) return
        const variances = rows.reduce((sum, row) => sum + row.reduce((total, x) => total + x * x, 0), 0) / n
        const open = Array.from({ length: n }, (_, k) => factor.factor![rowOf(k) + k]! ** 2).reduce((sum, d) => sum + d, 0)
        expect(harm(rows, weights, scale, levels)).toBeLessThanOrEqual((variances * open * scale * scale) / 4 + 1e-9)
      }),
    )
  })

  it('do far less harm than the nearest ones where inputs vary together', () => {
    const sample = fc.sample(fc.tuple(fc.array(numbers(3, 1), { minLength: 40, maxLength: 40 }), numbers(48, 1)), {
      numRuns: 50,
      seed: 1,
    })
    const [ours, theirs] = sample.reduce(
      ([compensated, plain], [causes, weights]) => {
        // Three causes behind 16 inputs.
        const rows = causes.map((cause) =>
          Array.from({ length: 16 }, (_, i) => cause[0]! * Math.sin(i) + cause[1]! * Math.cos(2 * i) + cause[2]!),
        )
        const own = weights.slice(0, 16)
        const { levels } = rounded(rows, own, scale)
        return [compensated + harm(rows, own, scale, levels), plain + harm(rows, own, scale, nearest(own, scale))]
      },
      [0, 0] as [number, number],
    )
    expect(ours).toBeLessThan(0.3 * theirs)
    expect(ours).toBeGreaterThan(0)
  })
})

describe('compensatedRounding', () => {
  const rows = [
    [1, 2, 1, 0],
    [2, 4, 3, 1],
    [-1, -2, 0, 2],
    [0, 1, 1, 1],
  ]
  const covariance = covarianceOf(rows, 4)
  const expected = (weights: readonly number[], scale: number) => [...rounded(rows, weights, scale).levels]
  const [a, b] = [
    [0.33, -0.71, 0.254, 1],
    [0.5, 0.127, -0.333, -1],
  ]

  it('rounds the weights of each output, which lie together', () => {
    const round = compensatedRounding({ inputs: 4, covariances: [covariance] })
    const kernel = { shape: [2, 1, 2, 2], axis: 0, data: Float32Array.from([...a, ...b]) }
    const { data, quantization } = integerKernel(kernel, { perChannel: true, round })
    const floats = (values: readonly number[]) => [...Float32Array.from(values)]
    expect([...data]).toEqual([...expected(floats(a), quantization.scale[0]!), ...expected(floats(b), quantization.scale[1]!)])
    const { data: together, quantization: one } = integerKernel(kernel, { perChannel: false, round })
    expect(one.scale).toHaveLength(1)
    expect([...together.subarray(4)]).toEqual(expected(floats(b), one.scale[0]!))
  })

  it('rounds those of a depthwise channel, which lie apart, by what the channel sees', () => {
    const other = covarianceOf(
      [
        [1, 0, 0, 0],
        [0, 1, 0, 0],
        [0, 0, 1, 0],
        [0, 0, 0, 1],
      ],
      4,
    )
    const round = compensatedRounding({ inputs: 4, covariances: [covariance, other] })
    const data = Float32Array.from({ length: 8 }, (_, i) => (i % 2 === 0 ? a : b)[Math.floor(i / 2)]!)
    const { data: levels, quantization } = integerKernel({ shape: [1, 2, 2, 2], axis: 3, data }, { perChannel: true, round })
    const channel = (at: number) => [...levels].filter((_, i) => i % 2 === at)
    expect(channel(0)).toEqual(expected([...Float32Array.from(a)], quantization.scale[0]!))
    expect(channel(1)).toEqual([...nearest([...Float32Array.from(b)], quantization.scale[1]!)])
  })
})
