import { type Architecture, type Block, parseTaskOptions } from '../../architecture/index.js'
import type { Graph, Task, TensorSpec } from '../../contracts/index.js'
import { GraphBuilder } from '../graph-builder.js'
import { type LayerStyle, LayerWriter } from './layer-writer.js'
import { lowerLayer } from './lower-layer.js'
import { stridedValues } from './taps.js'

/**
 * The parts of a network, one behind the other: stem, rows of the table, tail. One value alone passes from each to the next, so
 * that what adds up over nodes adds up over parts, and the most memory at once is the most that one of the parts needs.
 */
export const imageOf = ({ input }: Architecture): TensorSpec => ({
  shape: [input.size, input.size, 3],
  dtype: 'float32',
  batched: true,
})

/** @returns the id of the stem's last node */
export function lowerStem(builder: GraphBuilder, architecture: Architecture, input: string): string {
  const { kernel, stride, filters } = architecture.stem
  const writer = new LayerWriter(builder, architecture, { prefix: 'stem', block: 'stem', layer: 0 })
  return writer.activatedConv('conv', input, kernel, stride, filters)
}

/** @returns the id of the row's last node */
export function lowerRow(builder: GraphBuilder, style: LayerStyle, row: Block, number: number, input: string): string {
  let last = input
  for (let layer = 1; layer <= row.repeats; layer++) {
    const writer = new LayerWriter(builder, style, { prefix: `block${number}_${layer}`, block: number, layer })
    last = lowerLayer(writer, last, { row, stride: layer === 1 ? row.stride : 1 })
  }
  return last
}

/** @returns the id of the head convolution's last node */
export function lowerHead(builder: GraphBuilder, architecture: Architecture, input: string): string {
  const writer = new LayerWriter(builder, architecture, { prefix: 'head', block: 'head', layer: 0 })
  return writer.activatedConv('conv', input, 1, 1, architecture.head.filters)
}

/** The stem as a graph of its own: input `image`, output `value`. */
export function stemGraph(architecture: Architecture): Graph {
  return partGraph('image', imageOf(architecture), (builder) => lowerStem(builder, architecture, 'image'))
}

/** A row as a graph of its own: input `input`, output `value`. @param input what the part before it gives */
export function rowGraph(style: LayerStyle, row: Block, input: TensorSpec): Graph {
  return partGraph('input', input, (builder) => lowerRow(builder, style, row, 1, 'input'))
}

/**
 * Head convolution and the task's head as a graph of its own, with the outputs of the whole network. Only for a head that reads
 * `features` alone.
 */
export function tailGraph(architecture: Architecture, task: Task, input: TensorSpec): Graph {
  const builder = new GraphBuilder()
  builder.input('input', input)
  builder.output('features', lowerHead(builder, architecture, 'input'))
  return task.head(builder.build(), parseTaskOptions(architecture, task))
}

/** A row that strides, which gives also the value that it strides over: output `tap`. */
export function tappedRowGraph(style: LayerStyle, row: Block, input: TensorSpec): Graph {
  const graph = rowGraph(style, row, input)
  const tap = stridedValues(graph).at(-1)
  return tap === undefined ? graph : { ...graph, outputs: { ...graph.outputs, tap } }
}

export interface TappedTail {
  readonly graph: Graph
  /** The first nodes of the graph, by themselves. */
  readonly standIns: Graph
}

/**
 * Head convolution and the task's head, for a head that reads `features` and the tap before them, behind stand-ins for the rows in between: a value of
 * the tap's shape, a convolution that strides over it, and one that gives what the last row gives.
 * @param tap what the last convolution that strides reads
 * @param input what the last row gives
 */
export function tappedTailGraph(architecture: Architecture, task: Task, tap: TensorSpec, input: TensorSpec): TappedTail {
  const standIns = partGraph('input', tap, (builder) => {
    const writer = new LayerWriter(builder, architecture, { prefix: 'stand_in', block: 'head', layer: 0 })
    const strided = writer.depthwise('stride', writer.node('relu', 'tap', ['input'], {}), 3, 2)
    return writer.conv('row', strided, 1, 1, input.shape.at(-1)!)
  })
  const builder = GraphBuilder.from(standIns)
  builder.output('features', lowerHead(builder, architecture, standIns.outputs['value']!))
  return { graph: task.head(builder.build(), parseTaskOptions(architecture, task)), standIns }
}

function partGraph(name: string, input: TensorSpec, write: (builder: GraphBuilder) => string): Graph {
  const builder = new GraphBuilder()
  builder.input(name, input)
  builder.output('value', write(builder))
  return builder.build()
}
