import type { Parameter } from '@mnas/core/contracts'
import { sizeOf } from './onnx/tensor.js'

export interface PlacedParameter extends Parameter {
  /** First element inside its group. */
  readonly offset: number
  readonly size: number
}

type Kind = 'decayed' | 'undecayed' | 'statistics' | 'frozen'

/** Elements of a group from which on the next parameter begins another: 256 KB per vector, so that an update's vectors stay in the cache. */
const groupSize = 64 * 1024

/**
 * Parameters laid end to end, so that the optimizer is a short chain of operators over long vectors instead of one per parameter; not over
 * all of them at once, since each operator would fetch them from memory anew. Kinds:
 * - `decayed`, `undecayed`: the optimizer changes them, with and without L2 penalty
 * - `statistics`: running means and variances
 * - `frozen`: nobody changes them
 */
export interface ParameterGroup {
  /** The kind and, where there are several of it, their number. */
  readonly name: string
  readonly kind: Kind
  readonly parameters: readonly PlacedParameter[]
  readonly size: number
}

export const isTrained = ({ kind }: ParameterGroup): boolean => kind === 'decayed' || kind === 'undecayed'

/** The groups that hold any parameters. */
export function groupParameters(parameters: readonly Parameter[], frozen: readonly string[]): readonly ParameterGroup[] {
  const fixed = new Set(frozen)
  const kindOf = (parameter: Parameter): Kind => {
    if (fixed.has(parameter.name)) return 'frozen'
    if (parameter.statistic) return 'statistics'
    return parameter.decayed ? 'decayed' : 'undecayed'
  }
  const kinds = ['decayed', 'undecayed', 'statistics', 'frozen'] as const
  return kinds.flatMap((kind) => {
    const chunks = inChunks(parameters.filter((parameter) => kindOf(parameter) === kind))
    return chunks.map((chunk, i) => laidOut(chunk, kind, chunks.length === 1 ? kind : `${kind}${i + 1}`))
  })
}

function inChunks(parameters: readonly Parameter[]): readonly (readonly Parameter[])[] {
  const chunks: Parameter[][] = []
  let room = 0
  for (const parameter of parameters) {
    if (room <= 0) {
      chunks.push([])
      room = groupSize
    }
    chunks.at(-1)!.push(parameter)
    room -= sizeOf(parameter.shape)
  }
  return chunks
}

function laidOut(parameters: readonly Parameter[], kind: Kind, name: string): ParameterGroup {
  let end = 0
  const placed = parameters.map((parameter) => {
    const offset = end
    const size = sizeOf(parameter.shape)
    end += size
    return { ...parameter, offset, size }
  })
  return { name, kind, parameters: placed, size: end }
}
