import type { TfliteOperator } from '../flatbuffer/model.js'
import { correctedBias } from './correct-bias.js'
import { type IntegerKernel, integerKernel, type KernelRounding } from './integer-kernel.js'
import { biasPosition, kernelPosition, type ModelRewriter } from './model-rewriter.js'
import type { Remedy } from './remedies.js'

/** An operator with weights, these rounded. */
export interface RoundedLayer {
  readonly kernel: IntegerKernel
  /** In float32, corrected where the mean of the input is known; zeros where there is none. */
  readonly bias: Float32Array
}

export interface Rounding extends Pick<KernelRounding, 'perChannel'>, Remedy {
  /** The least scale of a channel with this bias. Default: 0. */
  readonly leastScale?: (bias: number) => number
}

/** @returns null for an operator without weights, or whose weights or bias another operator computes */
export function roundedLayer(
  rewriter: ModelRewriter,
  operator: TfliteOperator,
  { perChannel, inputMean, round, leastScale = () => 0 }: Rounding,
): RoundedLayer | null {
  const kernel = rewriter.kernelOf(operator)
  const bias = kernel && rewriter.biasOf(operator, kernel.shape[kernel.axis]!)
  if (!kernel || !bias) return null
  const least = (channel: number) => leastScale(bias[channel]!)
  const rounded = integerKernel(kernel, { perChannel, least, ...(round && { round }) })
  return {
    kernel: rounded,
    bias: inputMean ? correctedBias(operator.op, kernel, rounded, bias, inputMean) : bias,
  }
}

/** The name of an operator's weights. */
export const kernelName = (rewriter: ModelRewriter, { inputs }: TfliteOperator): string =>
  rewriter.tensorOf(inputs[kernelPosition]!).name

/** The name of an operator's bias, or what it would be called. */
export function biasName(rewriter: ModelRewriter, { inputs, outputs }: TfliteOperator): string {
  const tensor = inputs[biasPosition] ?? -1
  return tensor < 0 ? `${rewriter.tensorOf(outputs[0]!).name}.bias` : rewriter.tensorOf(tensor).name
}

/** A float bias in the new model; one that was left out stays out while it is 0. */
export function floatBias(rewriter: ModelRewriter, operator: TfliteOperator, bias: Float32Array): number {
  const tensor = operator.inputs[biasPosition] ?? -1
  if (tensor < 0 && bias.every((value) => value === 0)) return tensor
  return rewriter.builder.constant(biasName(rewriter, operator), [bias.length], bias)
}
