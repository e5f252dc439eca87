import type { TfliteOperator } from '../flatbuffer/model.js'
import { type Affine, affineOfFraction, affineOfRange, isDead, type Range } from './affine.js'
import { weightLevels } from './integer-kernel.js'
import { fractions, integerForms } from './integer-ops.js'
import { inputPosition, type ModelRewriter } from './model-rewriter.js'

/** The range of each value on real images, by the name of its tensor: a graph's input or node. */
export type Ranges = ReadonlyMap<string, Range>

/** The 8-bit levels of each computed float value by tensor; those that have none stay in float32. */
export type Levels = ReadonlyMap<number, Affine>

/**
 * In the order of the operators, for what moves values has the levels of what it moves. A value that was 0 on every image says
 * nothing of its levels: it gets the scale of what it is made of.
 */
export function valueLevels(rewriter: ModelRewriter, inputs: readonly number[], ranges: Ranges): Levels {
  const levels = new Map<number, Affine>()
  const observed = (tensor: number): Affine | undefined => {
    const { name, type } = rewriter.tensorOf(tensor)
    const range = type === 'float32' ? ranges.get(name) : undefined
    return range && affineOfRange(range)
  }
  const computed = (operator: TfliteOperator, output: number): Affine | undefined => {
    const affine = observed(output)
    return affine && { ...affine, scale: Math.max(affine.scale, leastScale(rewriter, levels, operator, isDead(affine))) }
  }
  const note = (tensor: number, affine: Affine | undefined) => affine && levels.set(tensor, affine)
  for (const input of inputs) note(input, observed(input))
  for (const operator of rewriter.operators) {
    const { op, inputs: operands, outputs } = operator
    const [output] = outputs as [number]
    if (fractions.has(op)) note(output, affineOfFraction)
    else if (integerForms[op]?.kind === 'same') note(output, levels.get(operands[0]!))
    else note(output, computed(operator, output))
  }
  return levels
}

/**
 * A layer's sums are multiplied by scale(input) · scale(weight) / scale(output), and XNNPACK refuses a whole file for one such
 * factor from 256 on.
 */
const largestFactor = 128

/** What the output of an operator needs at the least. */
function leastScale(rewriter: ModelRewriter, levels: Levels, operator: TfliteOperator, dead: boolean): number {
  const scaleOf = (tensor: number) => levels.get(tensor)?.scale ?? 0
  if (dead) return operator.inputs.reduce((most, tensor) => Math.max(most, scaleOf(tensor)), 0)
  const kernel = rewriter.kernelOf(operator)
  if (!kernel) return 0
  const largest = kernel.data.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0)
  return (scaleOf(operator.inputs[inputPosition]!) * largest) / weightLevels / largestFactor
}

/**
 * Whether an operator can compute in integers: it has the form, and every float value that it takes or gives has levels or is a
 * constant.
 */
export function hasIntegerForm(rewriter: ModelRewriter, levels: Levels, { op, inputs, outputs }: TfliteOperator): boolean {
  if (!integerForms[op]) return false
  const ready = (tensor: number) =>
    tensor < 0 || levels.has(tensor) || rewriter.constantOf(tensor) !== undefined || rewriter.tensorOf(tensor).type !== 'float32'
  return [...inputs, ...outputs].every(ready)
}
