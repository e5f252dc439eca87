import type { DeployedModel, Graph, JsonObject } from '@mnas/core/contracts'
import { GraphBuilder } from '@mnas/core/graph'
import { cellAnchors } from '../anchors/cell-anchors.js'
import { optionsSchema } from '../options.js'
import { writeFeatureMaps } from './feature-maps.js'
import { type PredictorKind, writePredictor } from './write-predictor.js'

const place = (role: string) => ({ block: 'head', layer: 0, role }) as const

/**
 * SSDLite (Sandler et al. 2018, §6.2): for each anchor, in the order of makeAnchors, the code of its box, `boxes` [anchors, 4],
 * and a logit for the background and each class, `scores` [anchors, classes + 1].
 * @throws MNAS_DETECTION_BACKBONE
 */
export function head(backbone: Graph, options: JsonObject): Graph {
  const parsed = optionsSchema.parse(options)
  const builder = GraphBuilder.from(backbone)
  const maps = writeFeatureMaps(builder, backbone, parsed)
  const cells = cellAnchors(parsed.anchors, maps.length)
  const kinds: readonly PredictorKind[] = [
    { name: 'boxes', columns: 4, startBias: 0 },
    { name: 'scores', columns: parsed.classes + 1, startBias: parsed.startBias },
  ]
  for (const kind of kinds) {
    const inputs = maps.map((input, map) => writePredictor(builder, kind, { map, input, anchors: cells[map]!.length }))
    const { name } = kind
    builder.output(name, builder.add('concat', { id: name, inputs, attributes: { axis: 0 }, origin: place(name) }))
  }
  return builder.build()
}

/** What an exported detector gives: `boxes` as they are, for who knows the anchors, and `scores` as probabilities. */
export function deployed(model: Graph): DeployedModel {
  const builder = GraphBuilder.from(model)
  builder.output('boxes', model.outputs['boxes']!)
  const probabilities = {
    id: 'probabilities',
    inputs: [model.outputs['scores']!],
    attributes: {},
    origin: place('probabilities'),
  }
  builder.output('scores', builder.add('sigmoid', probabilities))
  return { graph: builder.build() }
}
