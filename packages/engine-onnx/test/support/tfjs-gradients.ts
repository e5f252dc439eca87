import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-core/dist/register_all_gradients.js'
import type { Graph, GraphNode, Tensor as MnasTensor, Tensors, Window } from '@mnas/core/contracts'
import * as tf from '@tensorflow/tfjs-core'

/** Loss and gradients of a graph as TensorFlow.js in pure JavaScript computes them: an autodiff that shares nothing with ours. */
export interface Gradients {
  readonly loss: number
  readonly gradients: Readonly<Record<string, Float32Array>>
}

/**
 * Runs a combined graph (model and objective) in training mode and differentiates its `loss`.
 * @param trainable names of the weights to differentiate by
 */
export async function tfjsGradients(
  graph: Graph,
  feeds: Tensors,
  weights: Tensors,
  trainable: readonly string[],
): Promise<Gradients> {
  await tf.setBackend('cpu')
  const inputs = mapTensors(feeds)
  const parameters = mapTensors(weights)
  const loss = (...variables: tf.Tensor[]): tf.Scalar => {
    const values = new Map<string, tf.Tensor>(Object.entries(inputs))
    const named = { ...parameters, ...Object.fromEntries(trainable.map((name, i) => [name, variables[i]!])) }
    for (const node of graph.nodes) values.set(node.id, compute(node, values, named))
    return tf.reshape(values.get(graph.outputs['loss']!)!, []) as tf.Scalar
  }
  const result = tf.valueAndGrads(loss)(trainable.map((name) => parameters[name]!))
  const gradients = trainable.map((name, i) => [name, result.grads[i]!.dataSync().slice() as Float32Array] as const)
  return { loss: result.value.dataSync()[0]!, gradients: Object.fromEntries(gradients) }
}

function mapTensors(tensors: Tensors): Record<string, tf.Tensor> {
  const entries = Object.entries(tensors).map(([name, tensor]) => [name, toTensor(tensor)] as const)
  return Object.fromEntries(entries)
}

const toTensor = ({ data, shape }: MnasTensor): tf.Tensor => tf.tensor(data as Float32Array, [...shape], 'float32')

/** The ops that a MnasNet classifier with its cross-entropy is made of. */
function compute(
  node: GraphNode,
  values: ReadonlyMap<string, tf.Tensor>,
  parameters: Readonly<Record<string, tf.Tensor>>,
): tf.Tensor {
  const [x, y] = node.inputs.map((id) => values.get(id)!) as [tf.Tensor, tf.Tensor]
  const parameter = (role: string): tf.Tensor => parameters[`${node.id}.${role}`]!
  const biased = (product: tf.Tensor, bias: boolean): tf.Tensor => (bias ? tf.add(product, parameter('bias')) : product)
  switch (node.op) {
    case 'conv2d': {
      const kernel = tf.transpose(parameter('kernel'), [2, 3, 1, 0]) as tf.Tensor4D
      const product = tf.conv2d(padded(x, node.attributes), kernel, pair(node.attributes.strides), 'valid')
      return biased(product, node.attributes.bias)
    }
    case 'depthwiseConv2d':
      return biased(depthwise(x, parameter('kernel'), node.attributes), node.attributes.bias)
    case 'dense':
      return biased(tf.matMul(x as tf.Tensor2D, parameter('kernel') as tf.Tensor2D, false, true), node.attributes.bias)
    case 'batchNorm': {
      const axes = x.shape.slice(0, -1).map((_, axis) => axis)
      const { mean, variance } = tf.moments(x, axes)
      const scale = tf.mul(parameter('gamma'), tf.rsqrt(tf.add(variance, node.attributes.epsilon)))
      return tf.add(tf.mul(tf.sub(x, mean), scale), parameter('beta'))
    }
    case 'globalAveragePool':
      return tf.mean(x, [1, 2], node.attributes.keepDims)
    case 'maxPool':
      return tf.maxPool(padded(x, node.attributes, -1e30), pair(node.attributes.kernel), pair(node.attributes.strides), 'valid')
    case 'averagePool':
      return tf.div(windowSums(x, node.attributes), windowSums(tf.onesLike(x), node.attributes))
    case 'relu':
      return tf.relu(x)
    case 'relu6':
      return tf.relu6(x)
    case 'sigmoid':
      return tf.sigmoid(x)
    case 'logSoftmax':
      return tf.logSoftmax(x)
    case 'add':
      return tf.add(x, y)
    case 'subtract':
      return tf.sub(x, y)
    case 'multiply':
      return tf.mul(x, y)
    case 'divide':
      return tf.div(x, y)
    case 'reduceSum':
      return tf.sum(
        x,
        node.attributes.axes.map((axis) => axis + 1),
        node.attributes.keepDims,
      )
    case 'batchSum':
      return tf.sum(x, 0)
    case 'reshape':
      return tf.reshape(x, node.batched ? [x.shape[0]!, ...node.shape] : [...node.shape])
    case 'constant':
      return tf.tensor([...node.attributes.values], [...node.shape])
    default:
      throw new Error(`the TensorFlow.js reference has no ${node.op}`)
  }
}

const pair = ([vertical, horizontal]: Window['kernel']): [number, number] => [vertical, horizontal]

const padded = (x: tf.Tensor, { padding: [top, bottom, left, right] }: Window, value = 0): tf.Tensor4D =>
  tf.pad(
    x,
    [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ],
    value,
  ) as tf.Tensor4D

const windowSums = (x: tf.Tensor, window: Window): tf.Tensor => depthwise(x, tf.ones([x.shape[3]!, 1, ...window.kernel]), window)

/** With weights [C, 1, kh, kw]; TensorFlow's are [kh, kw, C, 1]. */
function depthwise(x: tf.Tensor, kernel: tf.Tensor, window: Window): tf.Tensor {
  const filter = tf.transpose(kernel, [2, 3, 0, 1]) as tf.Tensor4D
  return tf.depthwiseConv2d(padded(x, window), filter, pair(window.strides), 'valid')
}
