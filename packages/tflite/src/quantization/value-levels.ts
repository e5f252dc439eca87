import type { TfliteOperator } from '../flatbuffer/model.js'
import { type Affine, affineOfFraction, affineOfRange, type Range } from './affine.js'
import { fractions, integerForms } from './integer-ops.js'
import type { ModelRewriter } from './model-rewriter.js'

/** The range of each value on real images, by the name of its tensor: a graph's input or node. */
export type Ranges = ReadonlyMap<string, Range>

/** The 8-bit levels of each computed float value by tensor; those that have none stay in float32. */
export type Levels = ReadonlyMap<number, Affine>

/** In the order of the operators, for what moves values has the levels of what it moves. */
export function valueLevels(rewriter: ModelRewriter, inputs: readonly number[], ranges: Ranges): Levels {
  const levels = new Map<number, Affine>()
  const observed = (tensor: number): Affine | undefined => {
    const { name, type } = rewriter.tensorOf(tensor)
    const range = type === 'float32' ? ranges.get(name) : undefined
    return range && affineOfRange(range)
  }
  const note = (tensor: number, affine: Affine | undefined) => affine && levels.set(tensor, affine)
  for (const input of inputs) note(input, observed(input))
  for (const { op, inputs: operands, outputs } of rewriter.operators) {
    const [output] = outputs as [number]
    if (fractions.has(op)) note(output, affineOfFraction)
    else if (integerForms[op]?.kind === 'same') note(output, levels.get(operands[0]!))
    else note(output, observed(output))
  }
  return levels
}

/** Whether an operator can compute in integers: it has the form, and every float value that it takes or gives has levels or is a constant. */
export function hasIntegerForm(rewriter: ModelRewriter, levels: Levels, { op, inputs, outputs }: TfliteOperator): boolean {
  if (!integerForms[op]) return false
  const ready = (tensor: number) =>
    tensor < 0 || levels.has(tensor) || rewriter.constantOf(tensor) !== undefined || rewriter.tensorOf(tensor).type !== 'float32'
  return [...inputs, ...outputs].every(ready)
}
