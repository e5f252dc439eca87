import { createHash } from 'node:crypto'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { Graph, Initializer, Tensors } from '../../contracts/index.js'
import { elementCount } from '../ops/infer-spec.js'
import { parametersOf } from './parameters-of.js'

/**
 * Start values of every parameter; running means 0 and variances 1. Each parameter has its own stream, seeded by (seed, name), so that
 * its values depend neither on the order of the nodes nor on the rest of the graph.
 */
export function initializeWeights(graph: Graph, seed: number): Tensors {
  const tensors = parametersOf(graph).map(({ name, shape, initializer }) => {
    const data = draw(initializer, elementCount(shape), uniformSource(seed, name))
    return [name, { dtype: 'float32', shape, data }] as const
  })
  return Object.fromEntries(tensors)
}

/** Uniform numbers in [0, 1). */
function uniformSource(seed: number, name: string): () => number {
  const generator = xoroshiro128plus(createHash('sha256').update(`${seed}/${name}`).digest().readInt32LE())
  return () => uniformFloat64(generator)
}

function draw(initializer: Initializer, length: number, next: () => number): Float32Array {
  switch (initializer.kind) {
    case 'zeros':
      return new Float32Array(length)
    case 'ones':
      return new Float32Array(length).fill(1)
    case 'constant':
      return new Float32Array(length).fill(initializer.value)
    case 'uniform':
      return Float32Array.from({ length }, () => (2 * next() - 1) * initializer.limit)
    case 'normal':
      return Float32Array.from({ length }, () => initializer.stddev * standardNormal(next))
    case 'truncatedNormal':
      return Float32Array.from({ length }, () => initializer.stddev * truncatedNormal(next))
    default:
      return initializer satisfies never
  }
}

/** Box–Muller; 1 − u because the logarithm of 0 is none. */
function standardNormal(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
}

/** A draw beyond two deviations, one in 22, is drawn again. */
function truncatedNormal(next: () => number): number {
  let value: number
  do value = standardNormal(next)
  while (Math.abs(value) > 2)
  return value
}
