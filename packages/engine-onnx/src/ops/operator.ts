import type { GraphNodeOf, Op, ParameterRole } from '@mnas/core/contracts'
import type { Emitter } from '../onnx/emitter.js'
import type { OnnxTensor } from '../onnx/tensor.js'
import type { Value } from './value.js'

/** What an operator sees of the place where it stands. */
export interface Site<K extends Op> {
  readonly g: Emitter
  readonly node: GraphNodeOf<K>
  readonly inputs: readonly Value[]
  /** Which of its two meanings a batchNorm or dropout takes. */
  readonly mode: 'training' | 'inference'
  parameter(role: ParameterRole): OnnxTensor
  /** The dropout mask [batch, ...shape]; null where dropout is off (batch statistics). */
  mask(): OnnxTensor | null
  /** Reports a batch norm's mean and M/(M − 1) variance, [channels]. */
  batchStatistics(mean: OnnxTensor, variance: OnnxTensor): void
}

/** What an operator sees in the reverse pass. */
export interface ReverseSite<K extends Op, S> extends Site<K> {
  readonly output: Value
  readonly saved: S
  /** dL/dOutput, of the output's full shape. */
  readonly outputGradient: Value
  /** Which inputs lie on a path from a trainable parameter. */
  readonly needed: readonly boolean[]
  /** Whether the optimizer changes this parameter. */
  trains(role: ParameterRole): boolean
  parameterGradient(role: ParameterRole, gradient: OnnxTensor): void
}

/**
 * One op of the Graph: its forward in ONNX and, where it has one, its gradient, side by side.
 * A gradient returns dL/dInput per input, null where there is none; it may be smaller than the input where it broadcasts to it (a mean's
 * gradient is one number per window): whoever needs all of it expands it.
 */
export interface OperatorDefinition<K extends Op, S> {
  forward(site: Site<K>): { readonly output: Value; readonly saved: S }
  readonly gradient?: (site: ReverseSite<K, S>) => readonly (Value | null)[]
}

/** The reverse half of an op that ran forward: knows what was saved. */
export type Reverse<K extends Op> = (
  site: Omit<ReverseSite<K, unknown>, keyof Site<K> | 'saved' | 'output'>,
) => readonly (Value | null)[]

export interface Operator<K extends Op> {
  readonly op: K
  readonly differentiable: boolean
  forward(site: Site<K>): { readonly output: Value; readonly reverse: Reverse<K> | null }
}

export function defineOperator<K extends Op, S>(op: K, definition: OperatorDefinition<K, S>): Operator<K> {
  const { gradient } = definition
  return {
    op,
    differentiable: gradient !== undefined,
    forward(site) {
      const { output, saved } = definition.forward(site)
      const reverse: Reverse<K> | null = gradient ? (rest) => gradient({ ...site, ...rest, output, saved }) : null
      return { output, reverse }
    },
  }
}
