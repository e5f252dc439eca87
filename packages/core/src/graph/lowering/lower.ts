import { type Architecture, parseTaskOptions } from '../../architecture/index.js'
import type { Graph, Task } from '../../contracts/index.js'
import { graphErrors } from '../errors.js'
import { GraphBuilder } from '../graph-builder.js'
import { imageOf, lowerHead, lowerRow, lowerStem } from './lower-parts.js'

/**
 * The whole network: backbone from the architecture, head from its task.
 * @throws MNAS_GRAPH_TASK when `task` is not the architecture's, MNAS_ARCHITECTURE_FIELD when it refuses the options
 */
export function lower(architecture: Architecture, task: Task): Graph {
  const expected = architecture.task.name
  if (expected !== task.name) throw graphErrors.MNAS_GRAPH_TASK({ name: architecture.name, expected, received: task.name })
  return task.head(lowerBackbone(architecture), parseTaskOptions(architecture, task))
}

/**
 * Stem, blocks and head convolution. Input `image` [size, size, 3], output `features` [h, w, head filters].
 * Nodes are named by their place in the table, counted from 1 as the paper does: `block3_1_expand` is the expansion of the first layer of
 * the third row, with origin {block: 3, layer: 1, role: 'expand'}.
 */
export function lowerBackbone(architecture: Architecture): Graph {
  const builder = new GraphBuilder()
  builder.input('image', imageOf(architecture))
  let last = lowerStem(builder, architecture, 'image')
  for (const [index, row] of architecture.blocks.entries()) last = lowerRow(builder, architecture, row, index + 1, last)
  builder.output('features', lowerHead(builder, architecture, last))
  return builder.build()
}
