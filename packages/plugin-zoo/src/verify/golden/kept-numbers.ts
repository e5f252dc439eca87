import type { PostProcessing, Tensor, Tensors } from '@mnas/core/contracts'

/** So many numbers of an output are kept at the most: all probabilities of ImageNet, and enough of a detector's anchors. */
const mostKept = 1024

/**
 * What is kept of a long answer: numbers evenly spread over it, or all of its first rows, where an operator behind the graph
 * says how many rows hold something.
 */
export interface Kept {
  /** Of the whole answer. */
  readonly length: number
  readonly values: readonly number[]
}

/** By output. @param behind the operator of the file, where it ends in one */
export function keptNumbers(outputs: Tensors, behind: PostProcessing | null): Readonly<Record<string, Kept>> {
  const rows = behind && rowsOf(outputs, behind)
  return Object.fromEntries(
    Object.entries(outputs)
      .filter(([, { data }]) => data.length > 0)
      .map(([name, tensor]) => [name, keep(tensor, rows === null ? null : rows(name))]),
  )
}

/** An output that holds NaN or infinity among what is kept of it. */
export const outputWithoutNumbers = (kept: Readonly<Record<string, Kept>>): string | undefined =>
  Object.keys(kept).find((name) => !kept[name]!.values.every(Number.isFinite))

/** How many numbers of an operator's output mean something. */
function rowsOf(outputs: Tensors, { outputs: declared }: PostProcessing): (name: string) => number {
  const counter = declared.find(({ content }) => content.kind === 'count')?.name
  const count = Math.round(Number(outputs[counter ?? '']?.data[0] ?? 0))
  return (name) => {
    const { shape = [] } = declared.find((output) => output.name === name) ?? {}
    if (name === counter) return 1
    // [1, rows, …]
    return count * shape.slice(2).reduce((product, side) => product * side, 1)
  }
}

function keep({ data }: Tensor, first: number | null): Kept {
  const { length } = data
  const positions =
    first === null ? spread(length) : Array.from({ length: Math.min(first, length, mostKept) }, (_, position) => position)
  return { length, values: positions.map((position) => rounded(data[position]!)) }
}

const spread = (length: number) => {
  const count = Math.min(length, mostKept)
  return Array.from({ length: count }, (_, i) => Math.floor((i * length) / count))
}

/** Seven digits are what a float32 holds. What is no number stays none: it agrees with nothing. */
const rounded = (value: number) => Number(value.toPrecision(7))
