import type { Graph, JsonObject, ObjectiveGraph } from '@mnas/core/contracts'
import { type AnchorTargets, writeAnchorTargets } from './anchor-targets.js'
import { writeBoxLoss } from './box-loss.js'
import { writeFocalLoss } from './focal-loss.js'
import { type LossOptions, parseLoss } from './loss-options.js'
import { writeMultiboxLoss } from './multibox-loss.js'
import { ObjectiveWriter } from './objective-writer.js'

interface Sizes {
  readonly anchors: number
  /** classes + 1 */
  readonly columns: number
}

/**
 * loss = classLoss + boxLoss, both divided by the matches of the batch, the box loss of `focal` by four times as many: by
 * numbers, not boxes.
 *
 * Inputs: `boxes` [anchors, 4] and `scores` [anchors, classes + 1], the model's outputs; `targetClass` [anchors], 0 = background;
 * `targetBox` [anchors, 4]; `weight` [], 0 = padding. Outputs, for all of the batch: `loss`, `classLoss`, `boxLoss`.
 * @throws MNAS_DETECTION_RECIPE for a wrong field of `loss`
 */
export function detectionObjective(model: Graph, loss: JsonObject): ObjectiveGraph {
  const options = parseLoss(loss)
  const sizes = sizesOf(model)
  const writer = new ObjectiveWriter()
  const targets = writeAnchorTargets(writer, sizes.anchors)
  const { classTotal, perMatch } = writeClassLoss(writer, targets, options, sizes)
  const numbers = writer.of('multiply', 'numbers', targets.matches, writer.constant('perMatch', perMatch))
  const scalar = writer.node('reshape', 'numbers.scalar', [numbers], { shape: [] })
  const classLoss = writer.of('divide', 'classLoss', classTotal, targets.matches)
  const boxLoss = writer.of('divide', 'boxLoss', writeBoxLoss(writer, targets, sizes.anchors), scalar)
  return writer.build({ loss: writer.of('add', 'loss', classLoss, boxLoss), classLoss, boxLoss })
}

function writeClassLoss(writer: ObjectiveWriter, targets: AnchorTargets, options: LossOptions, sizes: Sizes) {
  switch (options.kind) {
    case 'multibox':
      return { classTotal: writeMultiboxLoss(writer, targets, options, sizes), perMatch: 1 }
    case 'focal':
      return { classTotal: writeFocalLoss(writer, targets, options, sizes), perMatch: 4 }
    default:
      return options satisfies never
  }
}

function sizesOf(model: Graph): Sizes {
  const id = model.outputs['scores']
  const shape = (model.nodes.find((node) => node.id === id) ?? model.inputs[id ?? ''])?.shape
  if (shape?.length !== 2) throw new Error('A detector ends in an output "scores" of two dimensions')
  return { anchors: shape[0]!, columns: shape[1]! }
}
