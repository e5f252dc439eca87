import type { ObjectiveGraph, Op, OpAttributes, Origin, TensorSpec } from '../../contracts/index.js'
import { GraphBuilder } from '../../graph/index.js'

const origin: Origin = { block: 'objective', layer: 0, role: 'test' }
export const float = (...shape: readonly number[]): TensorSpec => ({ shape, dtype: 'float32', batched: true })

/** A builder whose nodes all belong to the objective and are named by the caller. */
class ObjectiveBuilder {
  readonly #graph = new GraphBuilder()

  target(name: string, spec: TensorSpec): string {
    this.#graph.input(name, spec)
    return name
  }

  add<K extends Op>(op: K, id: string, inputs: readonly string[], attributes: OpAttributes[K]): string {
    return this.#graph.add(op, { id, inputs, attributes, origin })
  }

  number(id: string, value: number): string {
    const one = this.add('constant', `${id}.value`, [], { values: [value] })
    return this.add('reshape', id, [one], { shape: [] })
  }

  sum(id: string, input: string, axes: readonly number[]): string {
    return this.add('reduceSum', id, [input], { axes, keepDims: false })
  }

  /** Σ weight·value / Σ weight over the batch. */
  weightedMean(id: string, value: string, weight: string): string {
    const weighted = this.add('multiply', `${id}.weighted`, [value, weight], {})
    const total = this.add('batchSum', `${id}.total`, [weighted], {})
    const count = this.add('batchSum', `${id}.count`, [weight], {})
    return this.add('divide', id, [total, count], {})
  }

  build(outputs: Readonly<Record<string, string>>): ObjectiveGraph {
    for (const [name, id] of Object.entries(outputs)) this.#graph.output(name, id)
    return this.#graph.build()
  }
}

/** loss = Σ y·direction over everything: its gradient by y is `direction`. */
export function probeObjective(output: TensorSpec): ObjectiveGraph {
  const builder = new ObjectiveBuilder()
  const y = builder.target('y', output)
  const direction = builder.target('direction', output)
  const product = builder.add('multiply', 'probe.product', [y, direction], {})
  const axes = output.shape.map((_, axis) => axis)
  const perExample = axes.length === 0 ? product : builder.sum('probe.sum', product, axes)
  return builder.build({ loss: builder.add('batchSum', 'probe.loss', [perExample], {}) })
}

/** Softmax cross-entropy of `logits` against `labels` [classes], averaged with `weight` []; also gives `examples` = Σ weight. */
export function crossEntropyObjective(classes: number): ObjectiveGraph {
  const builder = new ObjectiveBuilder()
  const logits = builder.target('logits', float(classes))
  const labels = builder.target('labels', float(classes))
  const weight = builder.target('weight', float())
  const entropy = crossEntropy(builder, logits, labels, 0)
  const loss = builder.weightedMean('objective.loss', entropy, weight)
  return builder.build({ loss, examples: 'objective.loss.count' })
}

/** −Σ labels·log softmax(logits) along that axis. */
function crossEntropy(builder: ObjectiveBuilder, logits: string, labels: string, axis: number): string {
  const log = builder.add('logSoftmax', 'objective.log', [logits], {})
  const chosen = builder.add('multiply', 'objective.chosen', [labels, log], {})
  const sum = builder.sum('objective.likelihood', chosen, [axis])
  return builder.add('multiply', 'objective.entropy', [sum, builder.number('objective.minus', -1)], {})
}

/**
 * A detection loss in small, with hard-negative mining (Liu et al. 2016): of the anchors that are not `positive`, only the two with the
 * largest loss count. Uses stopGradient, rank, less and select where a real one does.
 * Reads `logits` [anchors, classes], `labels` of that shape, `positive` [anchors] and `weight` []; also gives the unbatched `mined`.
 */
export function hardMiningObjective(anchors: number, classes: number): ObjectiveGraph {
  const builder = new ObjectiveBuilder()
  const logits = builder.target('logits', float(anchors, classes))
  const labels = builder.target('labels', float(anchors, classes))
  const positive = builder.target('positive', float(anchors))
  const weight = builder.target('weight', float())
  const zero = builder.number('objective.zero', 0)
  const entropy = crossEntropy(builder, logits, labels, 1)
  const fixed = builder.add('stopGradient', 'objective.fixed', [entropy], {})
  const negatives = builder.add('select', 'objective.negatives', [positive, zero, fixed], {})
  const order = builder.add('rank', 'objective.order', [negatives], {})
  const hard = builder.add('less', 'objective.hard', [order, builder.number('objective.count', 2)], {})
  const mined = builder.add('select', 'objective.mined', [hard, entropy, zero], {})
  const kept = builder.add('select', 'objective.kept', [positive, entropy, mined], {})
  const perExample = builder.sum('objective.perExample', kept, [0])
  const minedCount = builder.add('batchSum', 'objective.minedCount', [builder.sum('objective.minedSum', hard, [0])], {})
  return builder.build({ loss: builder.weightedMean('objective.loss', perExample, weight), mined: minedCount })
}

/**
 * Cross-entropy as above, and beside it `score`: an output off the gradient's path that goes through rank and less without a stopGradient.
 */
export function scoredObjective(classes: number): ObjectiveGraph {
  const builder = new ObjectiveBuilder()
  const logits = builder.target('logits', float(classes))
  const labels = builder.target('labels', float(classes))
  const weight = builder.target('weight', float())
  const entropy = crossEntropy(builder, logits, labels, 0)
  const order = builder.add('rank', 'score.order', [logits], {})
  const first = builder.add('less', 'score.first', [order, builder.number('score.one', 1)], {})
  const right = builder.sum('score.right', builder.add('multiply', 'score.hit', [first, labels], {}), [0])
  return builder.build({
    loss: builder.weightedMean('objective.loss', entropy, weight),
    score: builder.weightedMean('score.mean', right, weight),
  })
}

/** A loss that reaches the parameters only through rank: there is no gradient, and an engine has to say so. */
export function ungradableObjective(classes: number): ObjectiveGraph {
  const builder = new ObjectiveBuilder()
  const logits = builder.target('logits', float(classes))
  const order = builder.add('rank', 'objective.order', [logits], {})
  return builder.build({ loss: builder.add('batchSum', 'objective.loss', [builder.sum('objective.sum', order, [0])], {}) })
}
