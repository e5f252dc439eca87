import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { Graph, Tensor, TensorSpec, Tensors } from '../contracts/index.js'
import { randomInputsOf } from '../graph/index.js'
import { typedArrays } from '../weights/index.js'
import { fullShape, sizeOf } from './interpreter/value.js'

export interface RandomOptions {
  /** Rows of the batched tensors. */
  readonly batch: number
  readonly seed: number
  /** Bounds of the uniform distribution; −1 and 1. Integers of integer tensors are drawn from them rounded down. */
  readonly low?: number
  readonly high?: number
}

/** A seeded source of numbers in [0, 1). */
export function uniformSource(seed: number): () => number {
  const generator = xoroshiro128plus(seed)
  return () => uniformFloat64(generator)
}

/** Tensors of the given specs, uniform in [low, high), drawn in the order of their names. The same seed gives the same values. */
export function randomTensors(specs: Readonly<Record<string, TensorSpec>>, options: RandomOptions): Tensors {
  const next = uniformSource(options.seed)
  const { low = -1, high = 1 } = options
  const tensors: Record<string, Tensor> = {}
  for (const name of Object.keys(specs).sort()) {
    const spec = specs[name]!
    const shape = fullShape(spec, options.batch)
    const draw = () => low + (high - low) * next()
    const length = sizeOf(shape)
    tensors[name] = { dtype: spec.dtype, shape, data: filled(spec.dtype, length, draw) }
  }
  return tensors
}

function filled(dtype: TensorSpec['dtype'], length: number, draw: () => number): Tensor['data'] {
  return new typedArrays[dtype](length).map(dtype === 'float32' ? draw : () => Math.floor(draw()))
}

/**
 * The same weights with every batch norm's γ in [0.5, 1.5), β and running mean in [−0.3, 0.3), running variance in [0.5, 1.5): a batch norm
 * left at its start values would hide a wrong fold.
 */
export function randomizedStatistics(weights: Tensors, seed: number): Tensors {
  const next = uniformSource(seed)
  const ranges: Readonly<Record<string, readonly [number, number]>> = {
    gamma: [0.5, 1.5],
    beta: [-0.3, 0.3],
    movingMean: [-0.3, 0.3],
    movingVariance: [0.5, 1.5],
  }
  const changed: Record<string, Tensor> = { ...weights }
  for (const name of Object.keys(weights).sort()) {
    const range = ranges[name.slice(name.lastIndexOf('.') + 1)]
    if (!range) continue
    const [low, high] = range
    const tensor = weights[name]!
    changed[name] = { ...tensor, data: Float32Array.from(tensor.data, () => low + (high - low) * next()) }
  }
  return changed
}

/** A mask of 0 or 1/(1 − rate) for every dropout node, by node id. */
export function randomMasks(graph: Graph, options: Pick<RandomOptions, 'batch' | 'seed'>): Tensors {
  const next = uniformSource(options.seed)
  const masks: Record<string, Tensor> = {}
  for (const [node, spec] of Object.entries(randomInputsOf(graph))) {
    const { rate } = spec
    const shape = fullShape(spec, options.batch)
    const data = Float32Array.from({ length: sizeOf(shape) }, () => (next() < rate ? 0 : 1 / (1 - rate)))
    masks[node] = { dtype: 'float32', shape, data }
  }
  return masks
}
