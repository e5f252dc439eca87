import type { Graph, Preprocessing, Tensor, TensorSpec, Tensors } from '../contracts/index.js'
import { GraphBuilder } from './graph-builder.js'

/** (pixel − mean) / std per channel, on pixels of 0–255. */
export type Normalization = Pick<Preprocessing, 'mean' | 'std'>

/** Of pixels normalised in one way, to what they are in another: scale · x + offset, per channel. */
interface ChannelAffine {
  readonly scale: readonly number[]
  readonly offset: readonly number[]
}

/** Whether an input holds pixels: red, green and blue, [height, width, 3] without the batch. */
export const takesPixels = ({ shape, dtype, batched }: TensorSpec): boolean =>
  batched && dtype === 'float32' && shape.length === 3 && shape[2] === 3

/** A graph for pixels that were normalised in another way. */
export interface NormalizedGraph {
  readonly graph: Graph
  /** By input of pixels: the node that has what the input had before. None where the ways are the same. */
  readonly normalized: ReadonlyMap<string, string>
}

/**
 * The graph for pixels that were normalised in another way: behind each input of pixels stand a multiplication and an addition, and the rest of
 * the graph sees what it saw before. Padding is added behind them, so that its zeros mean what they meant. The same way: the same graph.
 * @param from what the new graph takes
 * @param to what the graph takes
 */
export function withNormalization(graph: Graph, from: Normalization, to: Normalization): NormalizedGraph {
  const affine = affineBetween(from, to)
  if (affine === null) return { graph, normalized: new Map() }
  const builder = new GraphBuilder()
  const taken = new Set([...Object.keys(graph.inputs), ...graph.nodes.map(({ id }) => id)])
  for (const [name, spec] of Object.entries(graph.inputs)) builder.input(name, spec)
  const normalized = new Map<string, string>()
  for (const [name, spec] of Object.entries(graph.inputs))
    if (takesPixels(spec)) normalized.set(name, addAffine(builder, name, affine, taken))
  const sourceOf = (id: string) => normalized.get(id) ?? id
  for (const node of graph.nodes) builder.append(node, node.inputs.map(sourceOf))
  for (const [name, id] of Object.entries(graph.outputs)) builder.output(name, sourceOf(id))
  return { graph: builder.build(), normalized }
}

/** @returns the node whose value is scale · input + offset */
function addAffine(builder: GraphBuilder, input: string, { scale, offset }: ChannelAffine, taken: Set<string>): string {
  const add = (op: 'constant' | 'multiply' | 'add', role: string, inputs: readonly string[], values: readonly number[] = []) => {
    const attributes = op === 'constant' ? { values } : {}
    const id = freeName(`${input}.${role}`, taken)
    return builder.add<typeof op>(op, { id, inputs, attributes, origin: { block: 'stem', layer: 0, role: 'normalize' } })
  }
  const scaled = add('multiply', 'scaled', [input, add('constant', 'scale', [], scale)])
  return add('add', 'normalized', [scaled, add('constant', 'offset', [], offset)])
}

function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted
  for (let count = 2; taken.has(name); count++) name = `${wanted}.${count}`
  taken.add(name)
  return name
}

/**
 * Inputs as somebody takes them who normalises in another way; what holds no pixels stays, and so does everything where the ways are the same.
 * @param inputs with the batch in front
 */
export function renormalize(inputs: Tensors, from: Normalization, to: Normalization): Tensors {
  const affine = affineBetween(from, to)
  if (affine === null) return inputs
  return Object.fromEntries(
    Object.entries(inputs).map(([name, tensor]) => {
      const { dtype, shape } = tensor
      const pixels = takesPixels({ dtype, shape: shape.slice(1), batched: true })
      return [name, pixels ? applied(affine, tensor) : tensor]
    }),
  )
}

function applied({ scale, offset }: ChannelAffine, tensor: Tensor): Tensor {
  const data = Float32Array.from(tensor.data, (value, i) => scale[i % 3]! * value + offset[i % 3]!)
  return { ...tensor, data }
}

/** null: the two are the same. pixel = x · std + mean of `from`, and so x' = (x · std + mean − mean') / std'. */
function affineBetween(from: Normalization, to: Normalization): ChannelAffine | null {
  const same = [0, 1, 2].every((c) => from.mean[c] === to.mean[c] && from.std[c] === to.std[c])
  if (same) return null
  return {
    scale: from.std.map((std, c) => std / to.std[c]!),
    offset: from.mean.map((mean, c) => (mean - to.mean[c]!) / to.std[c]!),
  }
}
