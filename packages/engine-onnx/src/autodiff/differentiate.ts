import type { Graph } from '@mnas/core/contracts'
import { noGradient, trainingPath } from '@mnas/core/graph'
import type { Emitter } from '../onnx/emitter.js'
import { inLayout, type Value } from '../ops/value.js'
import type { Scaled } from './scaled.js'
import type { Trace } from './trace.js'

/**
 * Emits the reverse pass (reverse-mode automatic differentiation): from `loss`, node by node backwards, only along paths that end in a
 * trainable parameter.
 * @param trainable parameters by node id; those off every path keep a gradient of none
 * @returns dLoss/dParameter by parameter name
 * @throws MNAS_ENGINE_NO_GRADIENT when a node on the path has no gradient, or nothing trainable reaches the loss
 */
export function differentiate(
  g: Emitter,
  graph: Graph,
  { steps, values }: Trace,
  trainable: ReadonlySet<string>,
): ReadonlyMap<string, Scaled> {
  const loss = graph.outputs['loss']!
  const path = trainingPath(graph, trainable)
  const parameterGradients = new Map<string, Scaled>()
  const gradients = new Map<string, Value>()
  gradients.set(loss, { tensor: g.constant(Float32Array.of(1), [1]), layout: 'plain' })
  for (const { id: step, inputs, reverse } of steps.toReversed()) {
    const received = path.has(step) ? gradients.get(step) : undefined
    if (!received) continue
    if (!reverse) throw noGradient(graph, step)
    const contributions = reverse({
      outputGradient: received,
      needed: inputs.map((id) => path.has(id)),
      trains: (name) => trainable.has(name),
      collect: (input) => take(gradients, inputs[input]!),
      parameterGradient: (name, gradient) => parameterGradients.set(name, gradient),
    })
    inputs.forEach((id, i) => {
      const contribution = contributions[i]
      if (contribution && path.has(id)) gradients.set(id, accumulate(g, gradients.get(id), contribution, values.get(id)!))
    })
  }
  return parameterGradients
}

/** What was given so far, which is then no longer there. */
function take(gradients: Map<string, Value>, id: string): Value | null {
  const gradient = gradients.get(id) ?? null
  gradients.delete(id)
  return gradient
}

/** The sum of two contributions to the gradient of one value, in the value's own layout. */
function accumulate(g: Emitter, sum: Value | undefined, contribution: Value, value: Value): Value {
  if (!sum) return contribution
  const { layout } = value
  return { tensor: g.add(inLayout(g, sum, layout), inLayout(g, contribution, layout)), layout }
}
