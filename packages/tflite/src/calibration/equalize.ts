import { isLayerOf, type Layer, type LayerGraph, type LayerParameters } from '@mnas/core/graph'
import type { Statistics } from './value-statistics.js'

/** What each channel of a value is divided by where its producer writes it; its readers multiply it back. By the value's id. */
export type ChannelScales = ReadonlyMap<string, Float64Array>

/** What only depthwise layers read is evened out wholly: their weights have a scale for each channel. */
const depthwiseExponent = 1
/** A channel counts as at least this share of the largest: a dead one would get weights without bound. */
const smallestShare = 1e-2

/**
 * Scales that even out the channels of values, so that one range fits them all (cross-layer equalisation, Nagel et al. 2019,
 * §4.1, by measured ranges). Values that are added, averaged or moved share theirs. What a sigmoid reads or the outside sees keeps 1. What a ReLU6
 * clips at 6 is clipped at 6 scales then, which are so large that this is above all that was measured.
 * @param inputs of the graph
 * @param exponent of a channel's share of the largest, 0–1: ½ is the middle between leaving values as they are and giving all of the unevenness to
 *   weights, 1
 */
export function channelScales(
  { layers, outputs }: LayerGraph,
  inputs: readonly string[],
  statistics: Statistics,
  exponent: number,
): ChannelScales {
  const ties = new Ties([...inputs, ...layers.map(({ id }) => id)])
  for (const id of [...inputs, ...Object.values(outputs)]) ties.fix(id)
  const shapes = new Map(layers.map((layer) => [layer.id, layer.node.shape] as const))
  for (const layer of layers) tie(ties, layer, shapes)
  const readers = readersOf(layers)
  const clipped = new Set(layers.flatMap(({ id, activation }) => (activation === 'relu6' ? [id] : [])))
  const scales = new Map<string, Float64Array>()
  for (const group of ties.free()) {
    const onlyDepthwise = group.every((id) => readers.get(id)?.every((layer) => isLayerOf(layer, 'depthwiseConv2d')) ?? true)
    const even = evenScales(group, statistics, onlyDepthwise ? depthwiseExponent : exponent)
    const scale =
      even &&
      withoutClipping(
        even,
        group.filter((id) => clipped.has(id)),
        statistics,
      )
    if (scale) for (const id of group) scales.set(id, scale)
  }
  return scales
}

/** Which values must have the same scales, and which cannot have any. */
function tie(ties: Ties, layer: Layer, shapes: ReadonlyMap<string, readonly number[]>): void {
  const { id, inputs } = layer
  if (isLayerOf(layer, 'conv2d', 'depthwiseConv2d', 'dense')) return
  const [first, second] = inputs
  if (isLayerOf(layer, 'relu', 'maxPool', 'averagePool', 'globalAveragePool')) {
    ties.join(first!, id)
  } else if (isLayerOf(layer, 'add') && sameShape(shapes.get(first!), shapes.get(second!))) {
    for (const input of inputs) ties.join(input, id)
  } else if (isLayerOf(layer, 'multiply')) {
    tieProduct(ties, layer, shapes)
  } else {
    for (const value of [...inputs, id]) ties.fix(value)
  }
}

/** A map and its gates, one number for each channel: the gates stay, the map's scales are those of the product. */
function tieProduct(ties: Ties, { id, inputs }: Layer, shapes: ReadonlyMap<string, readonly number[]>): void {
  const [map, gate] = inputs.toSorted((a, b) => elements(shapes.get(b)) - elements(shapes.get(a))) as [string, string]
  ties.fix(gate)
  if (elements(shapes.get(map)) > elements(shapes.get(gate))) ties.join(map, id)
  else for (const value of [map, id]) ties.fix(value)
}

const elements = (shape: readonly number[] | undefined) => shape?.reduce((product, side) => product * side, 1) ?? 0
const sameShape = (a: readonly number[] | undefined, b: readonly number[] | undefined) =>
  a !== undefined && b !== undefined && a.join() === b.join()

function readersOf(layers: readonly Layer[]): ReadonlyMap<string, readonly Layer[]> {
  const readers = new Map<string, Layer[]>()
  for (const layer of layers) for (const input of layer.inputs) readers.set(input, [...(readers.get(input) ?? []), layer])
  return readers
}

function evenScales(group: readonly string[], statistics: Statistics, power: number): Float64Array | null {
  const members = group.flatMap((id) => statistics.get(id) ?? [])
  const channels = members[0]?.reach.length
  if (channels === undefined || members.length < group.length || members.some((one) => one.reach.length !== channels)) return null
  const reach = Float64Array.from({ length: channels }, (_, c) => members.reduce((most, one) => Math.max(most, one.reach[c]!), 0))
  const largest = reach.reduce((a, b) => Math.max(a, b), 0)
  return largest > 0 ? reach.map((one) => Math.max(one / largest, smallestShare) ** power) : null
}

/** A value that is clipped at 6 is so behind its scales: they have to leave room for the largest that was measured. */
function withoutClipping(scale: Float64Array, clipped: readonly string[], statistics: Statistics): Float64Array {
  return scale.map((one, channel) => clipped.reduce((most, id) => Math.max(most, statistics.get(id)!.high[channel]! / 6), one))
}

/**
 * The same function with other weights: each layer gives its value divided by that value's scales, and takes its inputs back
 * from theirs.
 */
export function equalized(graph: LayerGraph, scales: ChannelScales): LayerGraph {
  return { ...graph, layers: graph.layers.map((layer) => rescaled(layer, scales)) }
}

function rescaled(layer: Layer, scales: ChannelScales): Layer {
  if (!isLayerOf(layer, 'conv2d', 'depthwiseConv2d', 'dense')) return layer
  const input = scales.get(layer.inputs[0]!)
  const output = scales.get(layer.id)
  if (!input && !output) return layer
  const { kernel, bias } = layer.parameters
  const depthwise = isLayerOf(layer, 'depthwiseConv2d')
  // Kernels are [out, in, …]; a depthwise layer's output channel is its input channel.
  const outputs = output?.length ?? outputChannels(layer)
  const perOutput = kernel!.length / outputs
  const perInput = input && !depthwise ? perOutput / input.length : 1
  const parameters: LayerParameters = {
    ...layer.parameters,
    kernel: Float64Array.from(kernel!, (weight, position) => {
      const out = Math.floor(position / perOutput)
      const into = depthwise ? out : Math.floor((position % perOutput) / perInput)
      return (weight * (input?.[into] ?? 1)) / (output?.[out] ?? 1)
    }),
    ...(bias && { bias: Float64Array.from(bias, (value, out) => value / (output?.[out] ?? 1)) }),
  }
  return { ...layer, parameters } as Layer
}

const outputChannels = ({ node }: Layer): number => node.shape.at(-1)!

/** Groups of values that share their scales (union-find). */
class Ties {
  readonly #parent: Map<string, string>
  readonly #fixed = new Set<string>()

  constructor(ids: readonly string[]) {
    this.#parent = new Map(ids.map((id) => [id, id] as const))
  }

  join(a: string, b: string): void {
    this.#parent.set(this.#root(a), this.#root(b))
  }

  fix(id: string): void {
    this.#fixed.add(id)
  }

  /** The groups none of whose values is fixed. */
  free(): readonly (readonly string[])[] {
    const groups = new Map<string, string[]>()
    for (const id of this.#parent.keys()) groups.set(this.#root(id), [...(groups.get(this.#root(id)) ?? []), id])
    return [...groups.values()].filter((group) => !group.some((id) => this.#fixed.has(id)))
  }

  #root(id: string): string {
    let root = id
    while (this.#parent.get(root) !== root) root = this.#parent.get(root)!
    return root
  }
}
