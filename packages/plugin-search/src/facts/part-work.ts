import type { Architecture, Block } from '@mnas/core/architecture'
import type { Graph, SearchSpace, Task, TensorSpec } from '@mnas/core/contracts'
import { costsOf, rowGraph, stemGraph, tailGraph } from '@mnas/core/graph'
import type { FeaturesOf, Work, WorkOf } from './estimated.js'
import { sizeFeatures } from './size-model.js'

/** A part of a network, and what it gives to the next one. */
interface Part extends Work {
  readonly output: TensorSpec
}

/**
 * A network's work put together from its parts. Stem and tail are those of the whole space, a row depends on the shape that comes
 * in:
 *
 *   parameters, multiply-adds, features   Σ over the parts
 *   memory                                max over the parts, since a single value lives across their borders
 *
 * Each row is put together once (the paper's space has at most 9,072), of its first layer and of the one that is repeated, which many
 * rows share and which alone are lowered; then a network is seven look-ups and a few sums.
 * @param featuresOf adds up over parts
 * @returns null when the space gives no rows
 */
export function partWork(space: SearchSpace, featuresOf: FeaturesOf, task: Task): WorkOf | null {
  if (!space.rows) return null
  const rowsOf = space.rows.bind(space)
  const frame = space.decode(space.smallest())
  const partOf = (graph: Graph): Part => ({
    costs: costsOf(graph),
    features: featuresOf(graph),
    sizeFeatures: sizeFeatures(graph),
    output: graph.nodes.at(-1)!,
  })
  const stem = partOf(stemGraph(frame))
  const layers = rememberByShape((layer: Block, input) => partOf(rowGraph(frame, layer, input)))
  const layersOf = layerTable()
  const rows = rememberByShape((row: Block, input) => {
    const { first, next } = layersOf(row)
    const begun = layers(first, input)
    return row.repeats === 1 ? begun : withRepeats(begun, layers(next, begun.output), row.repeats - 1)
  })
  const tails = rememberByShape((architecture: Architecture, input) => partOf(tailGraph(architecture, task, input)))
  return (genome) => {
    const costs = { ...stem.costs }
    const features = [...stem.features]
    const sizes = [...stem.sizeFeatures]
    let { output } = stem
    const add = (part: Part) => {
      costs.parameters += part.costs.parameters
      costs.macs += part.costs.macs
      costs.peakMemoryBytes = Math.max(costs.peakMemoryBytes, part.costs.peakMemoryBytes)
      for (let j = 0; j < features.length; j++) features[j]! += part.features[j]!
      for (let j = 0; j < sizes.length; j++) sizes[j]! += part.sizeFeatures[j]!
      output = part.output
    }
    for (const row of rowsOf(genome)) add(rows(row, output))
    add(tails(frame, output))
    return { costs, features, sizeFeatures: sizes }
  }
}

function withRepeats(first: Part, next: Part, times: number): Part {
  return {
    costs: {
      parameters: first.costs.parameters + times * next.costs.parameters,
      macs: first.costs.macs + times * next.costs.macs,
      peakMemoryBytes: Math.max(first.costs.peakMemoryBytes, next.costs.peakMemoryBytes),
    },
    features: first.features.map((value, j) => value + times * next.features[j]!),
    sizeFeatures: first.sizeFeatures.map((value, j) => value + times * next.sizeFeatures[j]!),
    output: next.output,
  }
}

/** The layers of a row as rows of one layer, equal ones as one object. */
function layerTable(): (row: Block) => { readonly first: Block; readonly next: Block } {
  const known = new Map<string, Block>()
  const one = (row: Block): Block => {
    const key = JSON.stringify(row)
    const found = known.get(key) ?? row
    known.set(key, found)
    return found
  }
  return (row) => ({ first: one({ ...row, repeats: 1 }), next: one({ ...row, repeats: 1, stride: 1 }) })
}

/**
 * Remembers what is made of an object for each shape of its input. Objects are told apart by identity: a space gives equal rows
 * as one.
 */
function rememberByShape<T extends object>(make: (of: T, input: TensorSpec) => Part): (of: T, input: TensorSpec) => Part {
  const known = new WeakMap<T, Map<TensorSpec, Part>>()
  const shapes = shapeTable()
  return (of, input) => {
    let byShape = known.get(of)
    if (!byShape) {
      byShape = new Map()
      known.set(of, byShape)
    }
    const shape = shapes(input)
    let part = byShape.get(shape)
    if (!part) {
      const made = make(of, shape)
      part = { ...made, output: shapes(made.output) }
      byShape.set(shape, part)
    }
    return part
  }
}

/** One object for each shape, so that shapes are compared by identity. */
function shapeTable(): (spec: TensorSpec) => TensorSpec {
  const known = new Map<string, TensorSpec>()
  const own = new WeakSet<TensorSpec>()
  return (spec) => {
    if (own.has(spec)) return spec
    const { shape, dtype, batched } = spec
    const key = shape.join(' ')
    let found = known.get(key)
    if (!found) {
      found = { shape, dtype, batched }
      known.set(key, found)
      own.add(found)
    }
    return found
  }
}
