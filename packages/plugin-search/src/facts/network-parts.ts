import type { Architecture, Block } from '@mnas/core/architecture'
import type { Graph, Task, TensorSpec } from '@mnas/core/contracts'
import {
  costsOf,
  peakMemoryBytes,
  rowGraph,
  specsOf,
  stemGraph,
  tailGraph,
  tappedRowGraph,
  tappedTailGraph,
} from '@mnas/core/graph'
import type { FeaturesOf, Work } from './estimated.js'
import { type Part, without, withRepeats } from './part.js'
import { rememberByShape, shapeTable } from './remember-by-shape.js'
import { sizeFeatures } from './size-model.js'

/** The parts of all networks of a space, each put together once. */
export interface NetworkParts {
  readonly stem: Part
  row(row: Block, input: TensorSpec): Part
  /** A row that strides, with the value that it strides over as its tap. */
  tappedRow(row: Block, input: TensorSpec): Part
  /** For a head that reads what comes out of the backbone. */
  tail(input: TensorSpec): Work
  /** For one that reads a tap, too. */
  tappedTail(tap: TensorSpec, input: TensorSpec): Work
}

/**
 * A row is put together of its first layer and of the one that is repeated, which many rows share and which alone are lowered.
 * @param frame a network of the space: stem and tail are the same in all
 */
export function networkParts(frame: Architecture, task: Task, featuresOf: FeaturesOf): NetworkParts {
  const shapes = shapeTable()
  const workOf = (graph: Graph): Work => ({
    costs: costsOf(graph),
    features: featuresOf(graph),
    sizeFeatures: sizeFeatures(graph),
  })
  const partOf = (graph: Graph): Part => {
    const specs = specsOf(graph)
    const { value, tap } = graph.outputs
    return { ...workOf(graph), output: specs.get(value!)!, ...(tap !== undefined && { tap: shapes(specs.get(tap)!) }) }
  }
  const layersOf = layerTable()
  const layer = rememberByShape(shapes, (one: Block, input) => partOf(rowGraph(frame, one, input)))
  const tappedLayer = rememberByShape(shapes, (one: Block, input) => partOf(tappedRowGraph(frame, one, input)))
  const rowsThatBegin = (begin: typeof layer) =>
    rememberByShape(shapes, (row: Block, input) => {
      const { first, next } = layersOf(row)
      const begun = begin(first, input)
      return row.repeats === 1 ? begun : withRepeats(begun, layer(next, begun.output), row.repeats - 1)
    })
  const tail = rememberByShape(shapes, (architecture: Architecture, input) => {
    return { ...workOf(tailGraph(architecture, task, input)), output: input }
  })
  const tappedTail = rememberByShape(shapes, (tap: TensorSpec, input) => {
    const { graph, standIns } = tappedTailGraph(frame, task, tap, input)
    const peak = peakMemoryBytes(graph, standIns.nodes.length)
    return { ...without(workOf(graph), workOf(standIns), peak), output: input }
  })
  return {
    stem: partOf(stemGraph(frame)),
    row: rowsThatBegin(layer),
    tappedRow: rowsThatBegin(tappedLayer),
    tail: (input) => tail(frame, input),
    tappedTail,
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
