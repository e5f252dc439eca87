import type { DeployedModel, Graph, JsonObject } from '@mnas/core/contracts'
import { GraphBuilder } from '@mnas/core/graph'
import { optionsSchema } from './options.js'

const origin = (role: string) => ({ block: 'head', layer: 1, role }) as const

/**
 * The authors' rule for the classifier, U(±1/√classes), is made for ImageNet's 1000: with 6 classes it would draw from ±.41 and start at a loss
 * of 7 instead of ln 6 = 1.8. So fewer are drawn as 1000 would be.
 */
const smallestFanOut = 1000

/** Global average pool, dropout, dense: backbone output `features` [h, w, c] → `logits` [classes] (Tan et al. 2019; MobileNetV2's head). */
export function head(backbone: Graph, options: JsonObject): Graph {
  const { classes, dropout } = optionsSchema.parse(options)
  const graph = GraphBuilder.from(backbone)
  let last = graph.add('globalAveragePool', {
    id: 'pool',
    inputs: [backbone.outputs['features']!],
    attributes: { keepDims: false },
    origin: origin('pool'),
  })
  if (dropout > 0)
    last = graph.add('dropout', { id: 'dropout', inputs: [last], attributes: { rate: dropout }, origin: origin('dropout') })
  const logits = graph.add('dense', {
    id: 'logits',
    inputs: [last],
    attributes: { units: classes, bias: true },
    origin: origin('logits'),
    initializers: { kernel: { kind: 'uniform', limit: 1 / Math.sqrt(Math.max(classes, smallestFanOut)) } },
  })
  graph.output('logits', logits)
  return graph.build()
}

/** What an exported classifier ends in: `probabilities`, the softmax of the logits. */
export function deployed(model: Graph): DeployedModel {
  const graph = GraphBuilder.from(model)
  const inputs = [model.outputs['logits']!]
  graph.output(
    'probabilities',
    graph.add('softmax', { id: 'probabilities', inputs, attributes: {}, origin: origin('probabilities') }),
  )
  return { graph: graph.build() }
}
