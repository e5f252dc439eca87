import type { Graph, JsonObject } from '@mnas/core/contracts'
import { z } from 'zod'
import { anchorOptionsSchema } from '../anchors/anchor-options.js'
import { type MapSize, makeAnchors } from '../anchors/make-anchors.js'
import { cornersOf } from '../boxes/overlap.js'
import { optionsSchema } from '../options.js'
import type { TargetAnchors } from './write-targets.js'

const side = z.int().min(1)
const targetsSchema = z.strictObject({
  inputSize: side,
  maps: z.array(z.tuple([side, side])).min(2),
  anchors: anchorOptionsSchema,
})

/** What targets and answers depend on in a graph: the side of its input, the sizes of its maps, and how anchors are chosen. */
export function targetsOf(model: Graph, options: JsonObject): JsonObject {
  return { inputSize: model.inputs['image']!.shape[0]!, maps: mapSizesOf(model), anchors: optionsSchema.parse(options).anchors }
}

/** What targetsOf gave, as anchors. */
export function anchorsOf(targets: JsonObject): TargetAnchors {
  const { maps, anchors: options } = targetsSchema.parse(targets)
  const anchors = makeAnchors(maps, options)
  return { anchors, corners: cornersOf(anchors) }
}

/** Side of the input in pixels, of what targetsOf gave. */
export const inputSizeOf = (targets: JsonObject): number => targetsSchema.parse(targets).inputSize

/** Of the maps that the boxes of a model are predicted from, in their order. */
function mapSizesOf(model: Graph): readonly MapSize[] {
  const nodes = new Map(model.nodes.map((node) => [node.id, node]))
  const rows = nodes.get(model.outputs['boxes']!)?.inputs ?? []
  return rows.map((id) => {
    const [height, width] = nodes.get(nodes.get(id)!.inputs[0]!)!.shape
    return [height!, width!]
  })
}
