import type { Genome, LatencyModel, SearchSpace, SpaceFactory, Task } from '@mnas/core/contracts'
import { costsOf, GraphBuilder, lower } from '@mnas/core/graph'
import { wideSpace } from '@mnas/core/testing'
import classification from '@mnas/plugin-classification'
import detection from '@mnas/plugin-detection'
import { operatorLatencyModel } from '@mnas/plugin-search'
import { describe, expect, it } from 'vitest'
import { estimateFacts, loweredEstimates } from '#internal/facts/estimate-facts.js'
import { partWork } from '#internal/facts/part-work.js'
import { sizeFeatures } from '#internal/facts/size-model.js'
import mnasnet from '#internal/space/mnasnet-space.js'
import { randomGenomes } from '#internal/space/random-genomes.js'

const task = { name: 'classification', options: { classes: 10, dropout: 0.2 } }
const spaceOf = (width: number, inputSize: number, factory: SpaceFactory = mnasnet) => factory.create({ width, inputSize, task })

/** Fitted to made-up times, so that every coefficient counts. */
function fittedModel(space: SearchSpace, of: Task = classification): LatencyModel {
  const model = operatorLatencyModel()
  const graphs = randomGenomes(space, 12, 5, 'fit').map((genome) => lower(space.decode(genome), of))
  model.fit(graphs.map((graph) => ({ graph, latencyMs: 0.3 + costsOf(graph).macs / 2e7 + graph.nodes.length / 200 })))
  return model
}

/** Whether estimates are put together from parts: then a genome is not decoded a second time. */
function decodes(space: SearchSpace, model: LatencyModel, of: Task = classification): number {
  let count = 0
  const decode = (genome: Genome) => {
    count++
    return space.decode(genome)
  }
  const counting: SearchSpace = { ...space, decode }
  const estimate = estimateFacts(counting, model, of)
  const genomes = randomGenomes(space, 20, 1, 'counted')
  const before = count
  for (const genome of genomes) estimate(genome)
  return count - before
}

describe('facts of a genome', () => {
  it.each([
    [1, 224],
    [0.35, 96],
    [0.75, 63],
    [1.4, 33],
  ])('from parts are those of the lowered graph (width %d, %d px)', (width, size) => {
    const space = spaceOf(width, size)
    const model = fittedModel(space)
    const { features: featuresOf, predictSum } = model.additive!
    const parts = partWork(space, featuresOf, classification)!
    // 4 · 250 genomes, and the smallest of each space.
    for (const genome of [space.smallest(), ...randomGenomes(space, 250, width * size, 'compared')]) {
      const graph = lower(space.decode(genome), classification)
      const { costs, features } = parts(genome)
      const latency = predictSum(features)
      expect(costs).toEqual(costsOf(graph))
      const expected = model.predict(graph)
      expect(latency).toMatchObject({ source: expected.source, relativeError: expected.relativeError })
      expect(Math.abs(latency.latencyMs / expected.latencyMs - 1)).toBeLessThanOrEqual(1e-12)
    }
  })

  it.each([
    [1, 320],
    [0.35, 96],
    [0.75, 65],
  ])('from parts are those of the lowered graph of a detector, whose head reads the inside (width %d, %d px)', (width, size) => {
    const detector = { name: 'detection', options: { classes: 4 } }
    const space = mnasnet.create({ width, inputSize: size, task: detector })
    const model = fittedModel(space, detection)
    const parts = partWork(space, model.additive!.features, detection, 'tap')!
    for (const genome of [space.smallest(), ...randomGenomes(space, 60, width * size, 'compared')]) {
      const graph = lower(space.decode(genome), detection)
      const { costs, features, sizeFeatures: sizes } = parts(genome)
      expect(costs).toEqual(costsOf(graph))
      expect(sizes).toEqual(sizeFeatures(graph))
      const { latencyMs } = model.additive!.predictSum(features)
      expect(Math.abs(latencyMs / model.predict(graph).latencyMs - 1)).toBeLessThanOrEqual(1e-9)
    }
    expect(decodes(space, model, detection)).toBe(0)
  })

  it('come from parts where space, model and task allow it', () => {
    const space = spaceOf(0.5, 64)
    expect(decodes(space, fittedModel(space))).toBe(0)
  })

  it('come from the graph where the space gives no rows or the model does not add up', () => {
    const wide = spaceOf(1, 32, wideSpace)
    expect(decodes(wide, fittedModel(wide))).toBe(20)
    const space = spaceOf(0.5, 64)
    const { fit, predict } = fittedModel(space)
    expect(decodes(space, { fit, predict })).toBe(20)
  })

  it('come from the graph for a head that reads the inside of the network', () => {
    const tapping: Task = {
      ...classification,
      head(backbone, options) {
        const builder = GraphBuilder.from(classification.head(backbone, options))
        const inner = backbone.nodes.findLast(({ id }) => id.startsWith('block5'))
        if (!inner) throw new Error('the head needs the fifth block')
        const origin = { block: 'head', layer: 0, role: 'tap' } as const
        const attributes = { keepDims: false }
        builder.output('tap', builder.add('globalAveragePool', { id: 'tap', inputs: [inner.id], attributes, origin }))
        return builder.build()
      },
    }
    const space = spaceOf(0.5, 64)
    const model = fittedModel(space)
    expect(decodes(space, model, tapping)).toBe(20)
    const genome = space.smallest()
    const graph = lower(space.decode(genome), tapping)
    expect(estimateFacts(space, model, tapping)(genome).costs).toEqual(costsOf(graph))
  })

  it('come from the graph when the rows are not those of decode', () => {
    const space = spaceOf(0.5, 64)
    const lying: SearchSpace = { ...space, rows: (genome) => space.rows!(genome.with(0, 3 - genome[0]!)) }
    const model = fittedModel(space)
    const [genome] = randomGenomes(space, 1, 2, 'lying')
    expect(estimateFacts(lying, model, classification)(genome!)).toEqual(loweredEstimates(space, model, classification)(genome!))
  })
})
