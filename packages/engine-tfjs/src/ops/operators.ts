import type { Op } from '@mnas/core/contracts'
import * as activation from './activation.js'
import * as convolution from './convolution.js'
import * as elementwise from './elementwise.js'
import * as normalization from './normalization.js'
import type { Operator } from './operator.js'
import * as pooling from './pooling.js'
import * as structure from './structure.js'

/** Every op of the Graph. A new op in the contract does not compile before it stands here. */
export const operators: { readonly [K in Op]: Operator<K> } = {
  ...convolution,
  ...normalization,
  ...pooling,
  ...activation,
  ...elementwise,
  ...structure,
}
