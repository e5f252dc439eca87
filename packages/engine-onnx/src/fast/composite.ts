import type { ParameterRole } from '@mnas/core/contracts'
import type { Emitter } from '../onnx/emitter.js'
import type { OnnxTensor } from '../onnx/tensor.js'
import { type BlockedLayout, blocked, shapeIn, type Value } from '../ops/value.js'

/** What a composite sees of the place where it stands, in training. */
export interface CompositeSite {
  readonly g: Emitter
  readonly layout: BlockedLayout
  readonly inputs: readonly Value[]
  parameter(node: string, role: ParameterRole): OnnxTensor
  /** Reports a batch norm's mean and σ², [C, 1] each; `varianceFactor`, M/(M − 1), is still to be multiplied into σ². */
  batchStatistics(node: string, mean: OnnxTensor, variance: OnnxTensor, varianceFactor: number): void
}

/** What a composite sees in the reverse pass. */
export interface CompositeReverseSite {
  /** dL/dOutput; may be smaller where it broadcasts, and may have a pending constant. */
  readonly outputGradient: Value
  /** Which inputs lie on a path from a trainable parameter. */
  readonly needed: readonly boolean[]
  /** Takes what other readers of an input have given to its gradient so far; it becomes part of this reader's own contribution. */
  collect(input: number): Value | null
  /** Reports factor · gradient; the factor is 1 unless said. */
  parameterGradient(node: string, role: ParameterRole, gradient: OnnxTensor, factor?: number): void
}

/** dL/dInput per input, null where there is none. */
export type CompositeReverse = (site: CompositeReverseSite) => readonly (Value | null)[]

/** Several nodes of the Graph that run forward and backward as one. */
export interface Composite {
  /** Id of the node whose value it computes. */
  readonly id: string
  readonly inputs: readonly string[]
  /** Ids of the nodes it stands for. */
  readonly nodes: readonly string[]
  forward(site: CompositeSite): { readonly output: Value; readonly reverse: CompositeReverse }
}

/** Kernel [C, K, 1, 1] as [C, K]. */
export function kernelMatrix({ g, parameter }: CompositeSite, conv: string): OnnxTensor {
  const kernel = parameter(conv, 'kernel')
  return g.reshape(kernel, [kernel.shape[0]!, kernel.shape[1]!])
}

/** A gradient as a whole blocked tensor, of the shape of the value it belongs to. */
export function wholeGradient({ g, layout }: CompositeSite, gradient: Value, like: OnnxTensor): OnnxTensor {
  return g.expand(blocked(g, gradient, layout), like.shape)
}

/** One number per image in a blocked gradient that broadcasts over the whole map, else null. */
export function broadcastGradient({ g, layout }: CompositeSite, gradient: Value, like: OnnxTensor): OnnxTensor | null {
  const [, , height, width] = shapeIn(gradient, layout)
  const small = height === 1 && width === 1 && (like.shape[2] !== 1 || like.shape[3] !== 1)
  return small ? blocked(g, gradient, layout) : null
}

/** What other readers gave, as a whole tensor and its pending constant. */
export function collected(
  { g, layout }: CompositeSite,
  value: Value | null,
  like: OnnxTensor,
): { readonly addend: OnnxTensor | null; readonly pending: OnnxTensor | undefined } {
  if (!value) return { addend: null, pending: undefined }
  const raw: Value = { tensor: value.tensor, layout: value.layout }
  return { addend: g.expand(blocked(g, raw, layout), like.shape), pending: value.pending }
}

/** The sum of two pending constants, as a value has it. */
export function addPending(g: Emitter, a: OnnxTensor | undefined, b: OnnxTensor | undefined): Pick<Value, 'pending'> {
  const pending = a && b ? g.add(a, b) : (a ?? b)
  return pending ? { pending } : {}
}
