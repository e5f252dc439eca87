import type { Parameter } from '@mnas/core/contracts'
import { sizeOf } from './onnx/tensor.js'

export interface PlacedParameter extends Parameter {
  /** First element inside its group. */
  readonly offset: number
  readonly size: number
}

/**
 * Parameters laid end to end, so that the optimizer is one short chain of operators over a long vector instead of one per parameter.
 * - `decayed`, `undecayed`: the optimizer changes them, with and without L2 penalty
 * - `statistics`: running means and variances
 * - `frozen`: nobody changes them
 */
export interface ParameterGroup {
  readonly name: 'decayed' | 'undecayed' | 'statistics' | 'frozen'
  readonly parameters: readonly PlacedParameter[]
  readonly size: number
}

export const isTrained = ({ name }: ParameterGroup): boolean => name === 'decayed' || name === 'undecayed'

/** The groups that hold any parameters. */
export function groupParameters(parameters: readonly Parameter[], frozen: readonly string[]): readonly ParameterGroup[] {
  const fixed = new Set(frozen)
  const nameOf = (parameter: Parameter): ParameterGroup['name'] => {
    if (fixed.has(parameter.name)) return 'frozen'
    if (parameter.statistic) return 'statistics'
    return parameter.decayed ? 'decayed' : 'undecayed'
  }
  const names = ['decayed', 'undecayed', 'statistics', 'frozen'] as const
  return names.flatMap((name) => {
    let size = 0
    const placed = parameters
      .filter((parameter) => nameOf(parameter) === name)
      .map((parameter) => {
        const offset = size
        size += sizeOf(parameter.shape)
        return { ...parameter, offset, size: sizeOf(parameter.shape) }
      })
    return placed.length > 0 ? [{ name, parameters: placed, size }] : []
  })
}
