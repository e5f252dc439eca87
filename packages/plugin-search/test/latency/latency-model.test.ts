import { namedArchitecture, withTask } from '@mnas/core/architecture'
import { GraphBuilder, lower } from '@mnas/core/graph'
import classification from '@mnas/plugin-classification'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { graphFeatures } from '#internal/latency/graph-features.js'
import { leaveOneOut } from '#internal/latency/leave-one-out.js'
import { nonNegativeRidge, normalEquations } from '#internal/latency/non-negative-ridge.js'
import { operatorLatencyModel } from '#internal/latency/operator-latency-model.js'
import mnasnet from '#internal/space/mnasnet-space.js'
import { randomGenomes } from '#internal/space/random-genomes.js'

const task = { name: 'classification', options: { classes: 10, dropout: 0.2 } }
const graphsOf = (purpose: string, count: number) =>
  mnasnet.widths.flatMap((width) => {
    const space = mnasnet.create({ width, inputSize: 96, task })
    return randomGenomes(space, count, 7, purpose).map((genome) => lower(space.decode(genome), classification))
  })
/** A made-up device: each kind of work has its price. */
const priceOf = (graph: Parameters<typeof graphFeatures>[0]) => {
  const { pointwiseMacs, spatialMacs, depthwiseMacs, activationBytes, weightBytes, operators } = graphFeatures(graph)
  return (
    (pointwiseMacs * 60 + spatialMacs * 90 + depthwiseMacs * 300 + activationBytes * 40 + weightBytes * 20) / 1e9 +
    operators * 0.003
  )
}

describe('nonNegativeRidge', () => {
  it('recovers non-negative coefficients and never gives negative ones', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })), { minLength: 4, maxLength: 9 }),
        fc.integer({ min: -3, max: 5 }),
        (rows, second) => {
          const targets = rows.map(([a, b]) => 2 * a + second * b)
          const [first, other] = nonNegativeRidge(normalEquations(rows, targets, 1e-9))
          expect(first).toBeGreaterThanOrEqual(0)
          expect(other).toBeGreaterThanOrEqual(0)
          const squares = (c: readonly number[]) =>
            rows.reduce((sum, [a, b], i) => sum + (a * c[0]! + b * c[1]! - targets[i]!) ** 2, 0)
          // Optimal: no small feasible move is better.
          for (const [da, db] of [
            [0.01, 0],
            [-0.01, 0],
            [0, 0.01],
            [0, -0.01],
          ] as const) {
            const moved = [Math.max(0, first! + da), Math.max(0, other! + db)]
            expect(squares(moved)).toBeGreaterThanOrEqual(squares([first!, other!]) - 1e-4)
          }
        },
      ),
    )
  })
})

describe('leaveOneOut', () => {
  const few = { minLength: 1, maxLength: 9 }
  const value = fc.integer({ min: 0, max: 9 })
  it('says what solving without each row says, also where coefficients come to 0 or leave it', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value, value, fc.integer({ min: -9, max: 9 })), few), (lines) => {
        const rows = lines.map(([a, b, c]) => [a, b, c])
        const targets = lines.map(([, , , target]) => target)
        const all = normalEquations(rows, targets, 1e-3)
        const leftOut = leaveOneOut(all, rows, targets, nonNegativeRidge(all))
        rows.forEach((row, i) => {
          const others = rows.filter((_, k) => k !== i)
          const without = normalEquations(
            others,
            targets.filter((_, k) => k !== i),
            1e-3,
          )
          const solution = others.length > 0 ? nonNegativeRidge(without) : row.map(() => 0)
          expect(leftOut[i]).toBeCloseTo(
            row.reduce((sum, feature, j) => sum + feature * solution[j]!, 0),
            5,
          )
        })
      }),
    )
  })
})

describe('the features of a graph', () => {
  it('count multiply-adds that come to nothing: 24 channels are 32 to a matrix product', () => {
    const graph = new GraphBuilder()
    const origin = { block: 'head', layer: 0 } as const
    graph.input('x', { shape: [200], dtype: 'float32', batched: true })
    const attributes = { units: 24, bias: false }
    graph.output('y', graph.add('dense', { id: 'd', inputs: ['x'], attributes, origin: { ...origin, role: 'd' } }))
    expect(graphFeatures(graph.build())).toMatchObject({ pointwiseMacs: 200 * 24, idleMacs: 200 * 8, operators: 1 })
  })
})

describe('the operator latency model', () => {
  it('predicts unseen networks from 10 calibration networks within its own error', () => {
    const model = operatorLatencyModel()
    model.fit(graphsOf('calibration', 2).map((graph) => ({ graph, latencyMs: priceOf(graph) })))
    for (const graph of graphsOf('unseen', 20)) {
      const { latencyMs, relativeError, source } = model.predict(graph)
      expect(source).toBe('estimated')
      expect(relativeError).toBeGreaterThanOrEqual(0.02)
      expect(Math.abs(latencyMs / priceOf(graph) - 1)).toBeLessThan(0.2)
    }
  })

  it('says that it knows little when networks it has not seen are far off', () => {
    const disturbance = [1, 1.7, 1.1, 2, 1, 1, 2.2, 1.3, 1, 1.9]
    const noisy = operatorLatencyModel()
    noisy.fit(graphsOf('calibration', 2).map((graph, index) => ({ graph, latencyMs: priceOf(graph) * disturbance[index]! })))
    const exact = operatorLatencyModel()
    exact.fit(graphsOf('calibration', 2).map((graph) => ({ graph, latencyMs: priceOf(graph) })))
    const graph = graphsOf('calibration', 2)[0]!
    expect(noisy.predict(graph).relativeError).toBeGreaterThan(2 * exact.predict(graph).relativeError)
  })

  it('counts the multiply-adds that the costs count', () => {
    const a1 = lower(withTask(namedArchitecture('mnasnet-a1'), 'classification', { classes: 1000, dropout: 0.2 }), classification)
    const { pointwiseMacs, spatialMacs, depthwiseMacs } = graphFeatures(a1)
    expect((pointwiseMacs + spatialMacs + depthwiseMacs) / 1e6).toBeCloseTo(311.6, 0)
  })
})
