import type { SearchSpace, Task, TensorSpec } from '@mnas/core/contracts'
import { bytesOf } from '@mnas/core/graph'
import type { FeaturesOf, WorkOf } from './estimated.js'
import { networkParts } from './network-parts.js'
import { WorkSum } from './part.js'

/** What of a backbone a task's head reads: what comes out of it, or also what its last convolution that strides reads, as SSDLite's. */
export type HeadReads = 'features' | 'tap'

/**
 * A network's work put together from its parts. Stem and tail are those of the whole space, a row depends on the shape that comes
 * in:
 *
 *   parameters, multiply-adds, features   Σ over the parts
 *   memory                                max over the parts, since a single value lives across their borders, and the tap behind its row
 *
 * Each row is put together once (the paper's space has at most 9,072); then a network is seven look-ups and a few sums.
 * @param featuresOf adds up over parts
 * @returns null when the space gives no rows
 */
export function partWork(space: SearchSpace, featuresOf: FeaturesOf, task: Task, reads: HeadReads = 'features'): WorkOf | null {
  if (!space.rows) return null
  const rowsOf = space.rows.bind(space)
  const parts = networkParts(space.decode(space.smallest()), task, featuresOf)
  return (genome) => {
    const rows = rowsOf(genome)
    const tapped = reads === 'tap' ? rows.findLastIndex(({ stride }) => stride > 1) : -1
    const sum = new WorkSum(parts.stem)
    let { output } = parts.stem
    let tap: TensorSpec | undefined
    for (const [index, row] of rows.entries()) {
      const part = index === tapped ? parts.tappedRow(row, output) : parts.row(row, output)
      sum.add(part, tap ? bytesOf(tap) : 0)
      tap ??= part.tap
      output = part.output
    }
    if (reads === 'tap' && !tap) throw new Error('no row strides over a value that a head could read')
    sum.add(tap ? parts.tappedTail(tap, output) : parts.tail(output), 0)
    return sum.result()
  }
}
