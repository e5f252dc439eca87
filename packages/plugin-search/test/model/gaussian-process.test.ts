import { factorise, rowOf, solveRow, solveTransposed } from '@mnas/core/algebra'
import { describe, expect, it } from 'vitest'
import { expectedImprovement } from '#internal/strategies/model/expected-improvement.js'
import { genomeFeatures } from '#internal/strategies/model/genome-features.js'
import { firstSteps, fitWeights, logPrior, weightsOf } from '#internal/strategies/model/process/fit-weights.js'
import { gaussianProcess } from '#internal/strategies/model/process/gaussian-process.js'
import { jitter, kernel, productsOf } from '#internal/strategies/model/process/group-kernel.js'
import { factored } from '#internal/strategies/model/process/marginal-likelihood.js'
import { randomOf } from '../support/random.js'

const ends = { base: 5, kinds: 7, costs: 10 }
const random = randomOf(3)
const rows = Array.from({ length: 12 }, () => Float64Array.from({ length: ends.costs }, () => random() - 0.5))
const y = rows.map((x) => 0.7 + 0.1 * x[0]! * x[1]! + 0.05 * x[8]! + 0.01 * random())
const weights = { kinds: 0.7, costs: 2, pairs: 0.3, noise: 0.05 }
const dense = () => rows.map((a, i) => rows.map((b, j) => kernel(a, b, ends, weights) + (i === j ? weights.noise + jitter : 0)))

/** Gauss's elimination: the solution of A x = b and the determinant. */
function eliminated(matrix: readonly (readonly number[])[], right: readonly number[]) {
  const left = matrix.map((row, i) => [...row, right[i]!])
  let determinant = 1
  left.forEach((pivot, i) => {
    determinant *= pivot[i]!
    for (const row of left.slice(i + 1)) {
      const factor = row[i]! / pivot[i]!
      row.forEach((_, j) => {
        row[j]! -= factor * pivot[j]!
      })
    }
  })
  const x: number[] = []
  for (let i = left.length - 1; i >= 0; i--) {
    const known = x.reduce((sum, value, j) => sum + value * left[i]![i + 1 + j]!, 0)
    x.unshift((left[i]!.at(-1)! - known) / left[i]![i]!)
  }
  return { x, determinant }
}

describe('Cholesky', () => {
  it('gives back the matrix, its determinant and its solutions', () => {
    const matrix = dense()
    const n = matrix.length
    const factor = Float64Array.from(matrix.flatMap((row, i) => row.slice(0, i + 1)))
    const logDiagonal = factorise(factor, n)
    const at = (i: number, j: number) => (j <= i ? factor[rowOf(i) + j]! : 0)
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        let sum = 0
        for (let k = 0; k < n; k++) sum += at(i, k) * at(j, k)
        expect(sum).toBeCloseTo(matrix[i]![j]!, 12)
      }
    const { x, determinant } = eliminated(matrix, y)
    expect(2 * logDiagonal).toBeCloseTo(Math.log(determinant), 9)
    const solution = Float64Array.from(y)
    solveRow(factor, solution, n)
    solveTransposed(factor, solution, n)
    expect([...solution].map((value, i) => Math.abs(value - x[i]!) < 1e-9 * (1 + Math.abs(x[i]!)))).not.toContain(false)
  })
})

describe('the likelihood', () => {
  const z = Float64Array.from(y, (value) => (value - 0.7) / 0.02)

  it('is that of the formula', () => {
    const { x, determinant } = eliminated(dense(), [...z])
    const q = x.reduce((sum, value, i) => sum + value * z[i]!, 0)
    const variance = (q + 0.1) / (z.length + 1)
    const expected = -0.5 * z.length * Math.log(variance) - 0.5 * Math.log(determinant)
    const received = factored(productsOf(rows, ends), weights, z)
    expect(received.variance).toBeCloseTo(variance, 9)
    expect(received.logLikelihood).toBeCloseTo(expected, 8)
  })

  it('does not fall when weights are fitted, and weights that nothing improves stay', () => {
    const products = productsOf(rows, ends)
    const score = (sweeps: number, from = firstSteps) => {
      const fit = fitWeights(products, z, from, sweeps)
      return { steps: fit.steps, score: fit.logLikelihood + logPrior(fit.weights) }
    }
    const [before, after] = [score(0), score(3)]
    expect(before.steps).toEqual(firstSteps)
    expect(after.score).toBeGreaterThan(before.score)
    expect(score(1, score(10).steps)).toEqual(score(10))
    expect(weightsOf(firstSteps)).toEqual({ kinds: 1, costs: 1, pairs: 0.1, noise: 0.05 })
  })
})

describe('the posterior', () => {
  const process = () => gaussianProcess(rows, y, ends, firstSteps, 3)
  const x = Float64Array.from({ length: ends.costs }, () => random() - 0.5)

  it('is that of the formula', () => {
    const one = process()
    const fitted = weightsOf(one.steps)
    const average = y.reduce((sum, value) => sum + value, 0) / y.length
    const sd = Math.sqrt(y.reduce((sum, value) => sum + (value - average) ** 2, 0) / y.length) + 1e-9
    const z = y.map((value) => (value - average) / sd)
    const matrix = rows.map((a, i) => rows.map((b, j) => kernel(a, b, ends, fitted) + (i === j ? fitted.noise + jitter : 0)))
    const k = rows.map((row) => kernel(x, row, ends, fitted))
    const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0)
    const solved = eliminated(matrix, z).x
    const variance = (dot(solved, z) + 0.1) / (z.length + 1)
    const left = kernel(x, x, ends, fitted) - dot(eliminated(matrix, k).x, k)
    expect(one.belief(x).mean).toBeCloseTo(average + sd * dot(solved, k), 9)
    expect(one.belief(x).sd).toBeCloseTo(sd * Math.sqrt(variance * left), 9)
    expect(one.mean(x)).toBe(one.belief(x).mean)
  })

  it('is as sure of a network that is being tried as if it had come to what was believed, and believes the same', () => {
    const one = process()
    const other = Float64Array.from(x, (value) => value * 0.9)
    const [before, far] = [one.belief(x), one.belief(other)]
    one.await(x)
    expect(one.belief(x).mean).toBeCloseTo(before.mean, 12)
    expect(one.belief(x).sd).toBeLessThan(0.7 * before.sd)
    expect(one.belief(other).mean).toBeCloseTo(far.mean, 12)
    expect(one.belief(other).sd).toBeLessThan(far.sd)
  })
})

describe('expected improvement', () => {
  it('is the integral over what may come', () => {
    for (const [mean, sd, incumbent] of [
      [0.7, 0.02, 0.71],
      [0.75, 0.01, 0.7],
      [0.6, 0.05, 0.7],
    ] as const) {
      let integral = 0
      const step = sd / 1000
      for (let value = incumbent + step / 2; value < mean + 8 * sd; value += step) {
        const density = Math.exp(-((value - mean) ** 2) / (2 * sd * sd)) / (sd * Math.sqrt(2 * Math.PI))
        integral += (value - incumbent) * density * step
      }
      const received = expectedImprovement({ mean, sd }, incumbent) - 1e-6 * (mean - incumbent)
      expect(Math.abs(received - integral)).toBeLessThan(1e-6 * sd + 1e-9)
    }
  })

  it('orders what promises nothing by its mean', () => {
    const of = (mean: number) => expectedImprovement({ mean, sd: 0.001 }, 0.9)
    expect(of(0.6)).toBeGreaterThan(of(0.5))
  })
})

describe('features', () => {
  const decisions = [
    { name: 'block1.kernel', choices: [3, 5, 7] },
    { name: 'block2.kernel', choices: [3, 5, 7] },
    { name: 'block2.operation', choices: ['none', 'conv', 'pool'] },
  ]
  const facts = (genome: readonly number[]) => ({
    latency: { latencyMs: 1 + genome[0]!, source: 'estimated', relativeError: 0 } as const,
    costs: { macs: 100 * (1 + genome[1]!), parameters: 10, peakMemoryBytes: 1 },
  })
  const samples = [
    [0, 0, 0],
    [1, 2, 1],
    [2, 1, 2],
    [2, 2, 0],
  ]
  const { of, ends } = genomeFeatures({ decisions }, facts, samples)
  const changed = (from: readonly number[], to: readonly number[]) =>
    [...of(to)].flatMap((value, j) => (Math.abs(value - of(from)[j]!) > 1e-12 ? [[j, Math.sign(value - of(from)[j]!)]] : []))

  it('count numbers upwards and tell names apart, and sum decisions of one kind', () => {
    // block1.kernel: 0, 1; block2.kernel: 2, 3; block2.operation: 4, 5; sums for kernel: 6, 7; latency, multiply-adds, parameters: 8 to 10.
    expect(ends).toEqual({ base: 6, kinds: 8, costs: 11 })
    expect(changed([0, 0, 0], [1, 0, 0])).toEqual([
      [0, 1],
      [6, 1],
      [8, 1],
    ])
    expect(changed([0, 1, 0], [0, 2, 0])).toEqual([
      [3, 1],
      [7, 1],
      [9, 1],
    ])
    expect(changed([0, 0, 1], [0, 0, 2])).toEqual([
      [4, -1],
      [5, 1],
    ])
  })

  it('are centred, and each group has a mean squared norm of 1', () => {
    const all = samples.map(of)
    for (let j = 0; j < ends.costs; j++) expect(all.reduce((sum, x) => sum + x[j]!, 0)).toBeCloseTo(0, 12)
    for (const [from, to] of [
      [0, ends.base],
      [ends.base, ends.kinds],
      [ends.kinds, ends.costs],
    ] as const) {
      const norms = all.map((x) => x.subarray(from, to).reduce((sum, value) => sum + value * value, 0))
      expect(norms.reduce((sum, norm) => sum + norm, 0) / norms.length).toBeCloseTo(1, 9)
    }
  })
})
