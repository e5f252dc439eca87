import type { Op } from '../../contracts/index.js'
import type { Operator } from './operator.js'
import * as activation from './ops/activation.js'
import * as convolution from './ops/convolution.js'
import * as elementwise from './ops/elementwise.js'
import * as layout from './ops/layout.js'
import * as normalization from './ops/normalization.js'
import * as pooling from './ops/pooling.js'
import * as reduction from './ops/reduction.js'

/** Every op of the graph. */
export const operators: { readonly [K in Op]: Operator<K> } = {
  ...convolution,
  ...normalization,
  ...pooling,
  ...activation,
  ...elementwise,
  ...layout,
  ...reduction,
}
