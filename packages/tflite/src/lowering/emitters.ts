import type { InferenceOp } from '@mnas/core/graph'
import type { Emitter } from './emitter.js'
import * as convolution from './ops/convolution.js'
import * as elementwise from './ops/elementwise.js'
import * as pooling from './ops/pooling.js'
import * as structure from './ops/structure.js'
import * as unary from './ops/unary.js'

/** How each op is written; those whose inference meaning is their operand are not. */
export const emitters: { readonly [K in InferenceOp]: Emitter<K> } = {
  ...convolution,
  ...pooling,
  ...unary,
  ...elementwise,
  ...structure,
}
