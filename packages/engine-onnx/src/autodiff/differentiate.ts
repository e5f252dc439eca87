import type { Graph, GraphNode } from '@mnas/core/contracts'
import { contractErrors } from '@mnas/core/errors'
import { gradientPath } from '@mnas/core/graph'
import type { Emitter } from '../onnx/emitter.js'
import type { OnnxTensor } from '../onnx/tensor.js'
import { inLayout, type Value } from '../ops/value.js'
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
  { values, reverses }: Trace,
  trainable: ReadonlySet<string>,
): ReadonlyMap<string, OnnxTensor> {
  const loss = graph.outputs['loss']!
  const trainingNodes = new Set([...trainable].map((name) => name.slice(0, name.lastIndexOf('.'))))
  const path = gradientPath(graph, loss, (node) => trainingNodes.has(node.id))
  if (trainable.size > 0 && !path.has(loss))
    throw noGradient(
      graph.nodes.find((node) => node.id === loss),
      loss,
    )
  const parameterGradients = new Map<string, OnnxTensor>()
  const gradients = new Map<string, Value>()
  gradients.set(loss, { tensor: g.constant(Float32Array.of(1), [1]), layout: 'plain' })
  for (const node of graph.nodes.toReversed()) {
    const received = path.has(node.id) ? gradients.get(node.id) : undefined
    if (!received) continue
    const reverse = reverses.get(node.id)
    if (!reverse) throw noGradient(node, node.id)
    const output = values.get(node.id)!
    const contributions = reverse({
      outputGradient: { ...received, tensor: g.expand(received.tensor, fullShape(output, received)) },
      needed: node.inputs.map((id) => path.has(id)),
      trains: (role) => trainable.has(`${node.id}.${role}`),
      parameterGradient: (role, gradient) => parameterGradients.set(`${node.id}.${role}`, gradient),
    })
    node.inputs.forEach((id, i) => {
      const contribution = contributions[i]
      if (contribution && path.has(id)) gradients.set(id, accumulate(g, gradients.get(id), contribution, values.get(id)!))
    })
  }
  return parameterGradients
}

/** Shape of the output in the layout of its gradient. */
function fullShape(output: Value, { layout }: Value): readonly number[] {
  const { shape } = output.tensor
  if (output.layout === layout) return shape
  const order = layout === 'plain' ? [1, 2, 3, 0] : [3, 0, 1, 2]
  return order.map((axis) => shape[axis]!)
}

/** The sum of two contributions to the gradient of one value, in the value's own layout. */
function accumulate(g: Emitter, sum: Value | undefined, contribution: Value, value: Value): Value {
  if (!sum) return contribution
  const { layout } = value
  return { tensor: g.add(inLayout(g, sum, layout), inLayout(g, contribution, layout)), layout }
}

function noGradient(node: GraphNode | undefined, loss: string) {
  return contractErrors.MNAS_ENGINE_NO_GRADIENT({ node: node?.id ?? loss, op: node?.op ?? 'input' })
}
