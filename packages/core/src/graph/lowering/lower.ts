import { type Architecture, parseTaskOptions } from '../../architecture/index.js'
import type { Graph, Origin, Task } from '../../contracts/index.js'
import { graphErrors } from '../errors.js'
import { GraphBuilder } from '../graph-builder.js'
import { LayerWriter } from './layer-writer.js'
import { lowerLayer } from './lower-layer.js'

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
  const { input, stem, blocks, head } = architecture
  const builder = new GraphBuilder()
  builder.input('image', { shape: [input.size, input.size, 3], dtype: 'float32', batched: true })
  const writerOf = (prefix: string, block: Origin['block'], layer: number) =>
    new LayerWriter(builder, architecture, { prefix, block, layer })
  let last = writerOf('stem', 'stem', 0).activatedConv('conv', 'image', stem.kernel, stem.stride, stem.filters)
  for (const [index, row] of blocks.entries()) {
    for (let layer = 1; layer <= row.repeats; layer++) {
      const writer = writerOf(`block${index + 1}_${layer}`, index + 1, layer)
      last = lowerLayer(writer, last, { row, stride: layer === 1 ? row.stride : 1 })
    }
  }
  builder.output('features', writerOf('head', 'head', 0).activatedConv('conv', last, 1, 1, head.filters))
  return builder.build()
}
