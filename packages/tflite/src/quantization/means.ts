import type { ModelRewriter } from './model-rewriter.js'

/** The mean of each value by channel, on real images, by the name of its tensor: a graph's input or node. */
export type Means = ReadonlyMap<string, Float64Array>

/** Means by tensor. What padding was added to has the mean of what is inside: its zeros are few. Undefined: not known. */
export function meansByTensor(rewriter: ModelRewriter, means: Means | null): (tensor: number) => Float64Array | undefined {
  if (!means) return () => undefined
  const padded = new Map(
    rewriter.operators.filter(({ op }) => op === 'PAD').map(({ inputs, outputs }) => [outputs[0]!, inputs[0]!] as const),
  )
  return (tensor) => means.get(rewriter.tensorOf(padded.get(tensor) ?? tensor).name)
}
