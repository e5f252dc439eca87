import type { Op } from '@mnas/core/contracts'
import type { Emitter } from './emitter.js'
import * as convolution from './ops/convolution.js'
import * as elementwise from './ops/elementwise.js'
import * as pooling from './ops/pooling.js'
import * as structure from './ops/structure.js'
import * as unary from './ops/unary.js'

/**
 * Ops that a model cannot hold: batchSum spans examples, and a model answers for each alone; rank has no gain in a deployed model.
 * dropout and stopGradient are not written either: their inference meaning is their input.
 */
type Unwritten = 'batchSum' | 'rank' | 'dropout' | 'stopGradient'

/** How each op is written. */
export const emitters: { readonly [K in Exclude<Op, Unwritten>]: Emitter<K> } = {
  ...convolution,
  ...pooling,
  ...unary,
  ...elementwise,
  ...structure,
}

export const exportableOps: readonly Op[] = [...(Object.keys(emitters) as Op[]), 'dropout', 'stopGradient']
