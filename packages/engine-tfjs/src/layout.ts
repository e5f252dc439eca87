import type { Graph, OpParameters, Parameter } from '@mnas/core/contracts'
import { parametersOf } from '@mnas/core/graph'

type OpWithKernel = { [K in keyof OpParameters]: 'kernel' extends OpParameters[K] ? K : never }[keyof OpParameters]

/**
 * Kernels as TensorFlow has them. Ours are OIHW, depthwise [C, 1, kh, kw], dense [out, in]; TensorFlow's are HWIO, [kh, kw, C, 1] and, with
 * `transpose_b`, ours.
 */
const kernelAxes: { readonly [K in OpWithKernel]: readonly number[] } = {
  conv2d: [2, 3, 1, 0],
  depthwiseConv2d: [2, 3, 0, 1],
  dense: [0, 1],
}

/** A parameter of a graph and which of our axes stands where in TensorFlow. */
export interface PlacedParameter extends Parameter {
  readonly axes: readonly number[]
}

export function placedParameters(graph: Graph): readonly PlacedParameter[] {
  const ops = new Map(graph.nodes.map(({ id, op }) => [id, op]))
  return parametersOf(graph).map((parameter) => {
    const isKernel = parameter.role === 'kernel'
    const axes = isKernel ? kernelAxes[ops.get(parameter.node) as OpWithKernel] : parameter.shape.map((_, axis) => axis)
    return { ...parameter, axes }
  })
}

/** Axis i of the result is axis axes[i] of the data. Always a copy. */
export function transposed(data: ArrayLike<number>, shape: readonly number[], axes: readonly number[]): Float32Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1))
  const result = new Float32Array(data.length)
  let position = 0
  const copy = (axis: number, from: number): void => {
    if (axis === axes.length) {
      result[position++] = data[from]!
      return
    }
    const own = axes[axis]!
    for (let i = 0; i < shape[own]!; i++) copy(axis + 1, from + i * strides[own]!)
  }
  copy(0, 0)
  return result
}

export const permuted = (shape: readonly number[], axes: readonly number[]): number[] => axes.map((axis) => shape[axis]!)

/** The permutation that takes `transposed` back. */
export const inverse = (axes: readonly number[]): number[] => axes.map((_, axis) => axes.indexOf(axis))
