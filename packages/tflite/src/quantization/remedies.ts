import type { TfliteOperator } from '../flatbuffer/model.js'
import type { RoundWeights } from './integer-kernel.js'
import { inputPosition, type ModelRewriter } from './model-rewriter.js'

/** The mean of each value by channel, on real images, by the name of its tensor: a graph's input or node. */
export type Means = ReadonlyMap<string, Float64Array>

/** How a layer's weights are rounded, by the name of the value that it computes. */
export type Roundings = ReadonlyMap<string, RoundWeights>

/** What is known of the float network's values, so that rounding its weights does less harm. */
export interface Remedies {
  /** null: biases stay */
  readonly means: Means | null
  /** null, and where one is missing: each weight to the nearest level */
  readonly roundings: Roundings | null
}

/** Of one operator with weights. */
export interface Remedy {
  readonly inputMean: Float64Array | undefined
  readonly round: RoundWeights | undefined
}

export function remediesByOperator(
  rewriter: ModelRewriter,
  { means, roundings }: Remedies,
): (operator: TfliteOperator) => Remedy {
  const meanOf = means ? meansByTensor(rewriter, means) : () => undefined
  return ({ inputs, outputs }) => ({
    inputMean: meanOf(inputs[inputPosition]!),
    round: roundings?.get(rewriter.tensorOf(outputs[0]!).name),
  })
}

/** What padding was added to has the mean of what is inside: its zeros are few. Undefined: not known. */
function meansByTensor(rewriter: ModelRewriter, means: Means): (tensor: number) => Float64Array | undefined {
  const padded = new Map(
    rewriter.operators.filter(({ op }) => op === 'PAD').map(({ inputs, outputs }) => [outputs[0]!, inputs[0]!] as const),
  )
  return (tensor) => means.get(rewriter.tensorOf(padded.get(tensor) ?? tensor).name)
}
