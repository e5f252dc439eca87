import { compensatedLevels, type InputFactor, inputFactor } from './compensated-levels.js'
import type { Kernel, RoundWeights } from './integer-kernel.js'

/** How what a layer's weights are multiplied by varies, over images and places. */
export interface KernelInputs {
  /** Weights of one output. */
  readonly inputs: number
  /** Lower triangles: of a depthwise layer one for each channel; else one for all outputs. */
  readonly covariances: readonly Float64Array[]
}

/**
 * Rounding of one layer's weights that takes back what it does to the layer's outputs (`compensatedLevels`).
 * What it found it keeps: it is asked for the same weights again and again.
 */
export function compensatedRounding({ inputs, covariances }: KernelInputs): RoundWeights {
  const factors = new Map<number, InputFactor>()
  const factorOf = (output: number): InputFactor => {
    const index = covariances.length === 1 ? 0 : output
    const known = factors.get(index) ?? inputFactor(covariances[index]!, inputs)
    factors.set(index, known)
    return known
  }
  let kept: { readonly scale: Float32Array; readonly levels: Int8Array } | undefined
  return (kernel, scale) => {
    if (kept && sameNumbers(kept.scale, scale)) return kept.levels
    const levels = roundedByOutput(kernel, scale, factorOf)
    kept = { scale, levels }
    return levels
  }
}

function roundedByOutput(
  { data, shape, axis }: Kernel,
  scale: Float32Array,
  factorOf: (output: number) => InputFactor,
): Int8Array {
  const outputs = shape[axis]!
  const inputs = data.length / outputs
  // Of output o the weight i: o · inputs + i where outputs come first, i · outputs + o where they come last.
  const [perOutput, perInput] = axis === 0 ? [inputs, 1] : [1, outputs]
  const levels = new Int8Array(data.length)
  const weights = new Float64Array(inputs)
  const rounded = new Int8Array(inputs)
  for (let output = 0; output < outputs; output++) {
    for (let i = 0; i < inputs; i++) weights[i] = data[output * perOutput + i * perInput]!
    compensatedLevels(weights, scale[output] ?? scale[0]!, factorOf(output), rounded)
    for (let i = 0; i < inputs; i++) levels[output * perOutput + i * perInput] = rounded[i]!
  }
  return levels
}

const sameNumbers = (a: Float32Array, b: Float32Array) => a.length === b.length && a.every((value, i) => value === b[i])
