import type { Graph, JsonObject, ObjectiveGraph, Op, OpAttributes, TensorSpec } from '@mnas/core/contracts'
import { describeIssues } from '@mnas/core/errors'
import { GraphBuilder } from '@mnas/core/graph'
import { z } from 'zod'
import { classificationErrors } from './errors.js'

const lossSchema = z.strictObject({ labelSmoothing: z.number().min(0).lt(1).default(0) })

/**
 * Softmax cross-entropy with soft labels (Szegedy et al. 2016 §7 for the smoothing ε over K classes):
 *
 *   labels′ = (1 − ε)·labels + ε/K      loss = Σₙ weightₙ · (−Σ labels′ₙ · log softmax(logitsₙ)) / Σₙ weightₙ
 *
 * Inputs: `logits` [K], the model's output; `labels` [K]; `weight` [] (0 = padding; class weights). Output: `loss`.
 * @throws MNAS_DATA_AUGMENTATION for an unknown field of `loss`
 */
export function classificationObjective(model: Graph, loss: JsonObject): ObjectiveGraph {
  const { labelSmoothing } = parseLoss(loss)
  const classes = classesOf(model)
  const graph = new GraphBuilder()
  const add = <K extends Op>(op: K, name: string, inputs: readonly string[], attributes: OpAttributes[K]) =>
    graph.add(op, { id: `objective.${name}`, inputs, attributes, origin: { block: 'objective', layer: 0, role: name } })
  graph.input('logits', float(classes))
  graph.input('labels', float(classes))
  graph.input('weight', float())

  // The sign rides on the labels: there is no op for negation.
  const scale = add('constant', 'labelScale', [], { values: [labelSmoothing - 1] })
  let negative = add('multiply', 'negativeLabels', ['labels', scale], {})
  if (labelSmoothing > 0) {
    const share = add('constant', 'smoothingShare', [], { values: [-labelSmoothing / classes] })
    negative = add('add', 'smoothedLabels', [negative, share], {})
  }
  const logProbabilities = add('logSoftmax', 'logProbabilities', ['logits'], {})
  const perClass = add('multiply', 'perClass', [negative, logProbabilities], {})
  const perExample = add('reduceSum', 'perExample', [perClass], { axes: [0], keepDims: false })
  const weighted = add('multiply', 'weighted', [perExample, 'weight'], {})
  const total = add('batchSum', 'total', [weighted], {})
  const weights = add('batchSum', 'weights', ['weight'], {})
  graph.output('loss', add('divide', 'loss', [total, weights], {}))
  return graph.build()
}

const float = (...shape: readonly number[]): TensorSpec => ({ shape, dtype: 'float32', batched: true })

function parseLoss(loss: JsonObject): z.infer<typeof lossSchema> {
  const result = lossSchema.safeParse(loss)
  if (result.success) return result.data
  throw classificationErrors.MNAS_DATA_AUGMENTATION({ part: 'loss', issues: describeIssues(result.error) }, result.error)
}

/** Number of classes: the length of the model's logits. */
function classesOf(model: Graph): number {
  const logits = model.nodes.find(({ id }) => id === model.outputs['logits'])
  if (logits?.shape.length !== 1) throw new Error('A classification model ends in an output "logits" of one dimension')
  return logits.shape[0]!
}
