// The npm build of tfjs-core holds no gradients and no chained methods; its modules do, and share the registry.
import '@tensorflow/tfjs-core/dist/base_side_effects.js'
import '@tensorflow/tfjs-core/dist/register_all_gradients.js'
import '@tensorflow/tfjs-backend-cpu'
import type { Graph, GraphNode, Tensors, Window } from '@mnas/core/contracts'
import * as tf from '@tensorflow/tfjs-core'

interface Operand {
  readonly value: tf.Tensor
  readonly batched: boolean
}
interface Surroundings {
  readonly parameter: (kind: string) => tf.Tensor
  readonly mask: () => tf.Tensor
  readonly training: boolean
}

/** A graph on TensorFlow.js: somebody else's reading of every op but rank, and somebody else's gradients. */
export async function tfjsOutput(
  graph: Graph,
  output: string,
  tensors: { readonly inputs: Tensors; readonly weights: Tensors; readonly masks: Tensors },
  training: boolean,
  trainable: readonly string[] = [],
): Promise<{ readonly value: ArrayLike<number>; readonly gradients: Readonly<Record<string, ArrayLike<number>>> }> {
  await tf.setBackend('cpu')
  const evaluate = (...variables: tf.Tensor[]): tf.Tensor => {
    const named = new Map(trainable.map((name, position) => [name, variables[position]!]))
    const operands = new Map<string, Operand>(
      Object.entries(graph.inputs).map(([name, { batched }]) => [name, { value: toTf(tensors.inputs[name]!), batched }]),
    )
    for (const node of graph.nodes) {
      const parameter = (kind: string) => named.get(`${node.id}.${kind}`) ?? toTf(tensors.weights[`${node.id}.${kind}`]!)
      const inputs = node.inputs.map((id) => operands.get(id)!)
      const value = compute(node, inputs, { parameter, mask: () => toTf(tensors.masks[node.id]!), training })
      operands.set(node.id, { value, batched: node.batched })
    }
    return operands.get(graph.outputs[output]!)!.value
  }
  if (trainable.length === 0) return { value: evaluate().dataSync(), gradients: {} }
  const { value, grads } = tf.valueAndGrads((...v) => evaluate(...v) as tf.Scalar)(
    trainable.map((name) => toTf(tensors.weights[name]!)),
  )
  const gradients = Object.fromEntries(trainable.map((name, position) => [name, grads[position]!.dataSync()]))
  return { value: value.dataSync(), gradients }
}

function toTf({ data, shape }: Tensors[string]): tf.Tensor {
  return tf.tensor(Float32Array.from(data), [...shape])
}

/** Reshapes so that TensorFlow's broadcasting from the right does within an example what the graph's does. */
function aligned({ value, batched }: Operand, rank: number): tf.Tensor {
  const example = batched ? value.shape.slice(1) : value.shape
  const ones = Array.from({ length: rank - example.length }, () => 1)
  return tf.reshape(value, [batched ? value.shape[0]! : 1, ...ones, ...example])
}

function compute(node: GraphNode, inputs: readonly Operand[], { parameter, mask, training }: Surroundings): tf.Tensor {
  const x = inputs[0]?.value as tf.Tensor
  const binary = (f: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): tf.Tensor => {
    const [a, b] = inputs.map((operand) => aligned(operand, node.shape.length))
    const result = f(a!, b!)
    return node.batched ? result : tf.squeeze(result, [0])
  }
  switch (node.op) {
    case 'conv2d':
      return biased(node.attributes.bias, convolve(x, node.attributes, parameter('kernel')))
    case 'depthwiseConv2d':
      return biased(node.attributes.bias, depthwise(x, node.attributes, parameter('kernel')))
    case 'dense': {
      const rows = tf.reshape(x, [-1, x.shape.at(-1)!]) as tf.Tensor2D
      const product = tf.matMul(rows, parameter('kernel') as tf.Tensor2D, false, true)
      return biased(node.attributes.bias, tf.reshape(product, [x.shape[0]!, ...node.shape]))
    }
    case 'batchNorm': {
      const axes = x.shape.map((_, axis) => axis).slice(0, -1)
      const moments = training ? tf.moments(x, axes) : { mean: parameter('movingMean'), variance: parameter('movingVariance') }
      const deviation = tf.sqrt(tf.add(moments.variance, node.attributes.epsilon))
      const normal = tf.div(tf.sub(x, moments.mean), deviation)
      return tf.add(tf.mul(normal, parameter('gamma')), parameter('beta'))
    }
    case 'dropout':
      return training ? tf.mul(x, mask()) : x
    case 'maxPool':
      return tf.maxPool(padded(x, node.attributes, -1e30), [...node.attributes.kernel], [...node.attributes.strides], 'valid')
    case 'averagePool': {
      const { kernel, strides } = node.attributes
      const mean = (t: tf.Tensor) => tf.avgPool(padded(t, node.attributes, 0), [...kernel], [...strides], 'valid')
      return tf.div(mean(x), mean(tf.onesLike(x)))
    }
    case 'globalAveragePool':
      return tf.mean(x, [1, 2], node.attributes.keepDims)
    case 'relu':
      return tf.relu(x)
    case 'relu6':
      return tf.relu6(x)
    case 'sigmoid':
      return tf.sigmoid(x)
    case 'softmax':
      return tf.softmax(x)
    case 'logSoftmax':
      return tf.logSoftmax(x)
    case 'softplus':
      return tf.softplus(x)
    case 'exp':
      return tf.exp(x)
    case 'log':
      return tf.log(x)
    case 'abs':
      return tf.abs(x)
    case 'add':
      return binary(tf.add)
    case 'subtract':
      return binary(tf.sub)
    case 'multiply':
      return binary(tf.mul)
    case 'divide':
      return binary(tf.div)
    case 'maximum':
      // Its own maximum has no gradient for operands that broadcast.
      return binary((a, b) => tf.add(tf.relu(tf.sub(a, b)), b))
    case 'less':
      return binary((a, b) => tf.cast(tf.less(a, b), 'float32'))
    case 'select': {
      const [m, a, b] = inputs.map((operand) => aligned(operand, node.shape.length))
      const chosen = tf.cast(tf.notEqual(m!, 0), 'float32')
      return tf.add(tf.mul(chosen, a!), tf.mul(tf.sub(1, chosen), b!))
    }
    case 'concat':
      return tf.concat(
        inputs.map(({ value }) => value),
        node.attributes.axis + 1,
      )
    case 'reshape':
      return tf.reshape(x, node.batched ? [x.shape[0]!, ...node.shape] : [...node.shape])
    case 'constant':
      return tf.tensor1d([...node.attributes.values])
    case 'reduceSum':
      return tf.sum(
        x,
        node.attributes.axes.map((axis) => axis + (node.batched ? 1 : 0)),
        node.attributes.keepDims,
      )
    case 'batchSum':
      return tf.sum(x, 0)
    case 'stopGradient':
      return tf.tensor(x.dataSync(), x.shape)
    case 'rank':
      throw new Error('TensorFlow.js has no rank')
    default:
      return node satisfies never
  }

  function biased(present: boolean, value: tf.Tensor): tf.Tensor {
    return present ? tf.add(value, parameter('bias')) : value
  }
}

function padded(x: tf.Tensor, { padding }: Window, value: number): tf.Tensor4D {
  const [top, bottom, left, right] = padding
  return tf.pad(
    x,
    [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ],
    value,
  ) as tf.Tensor4D
}

function convolve(x: tf.Tensor, window: Window, kernel: tf.Tensor): tf.Tensor {
  const hwio = tf.transpose(kernel, [2, 3, 1, 0]) as tf.Tensor4D
  return tf.conv2d(padded(x, window, 0), hwio, [...window.strides], 'valid')
}

function depthwise(x: tf.Tensor, window: Window, kernel: tf.Tensor): tf.Tensor {
  const hwcm = tf.transpose(kernel, [2, 3, 0, 1]) as tf.Tensor4D
  return tf.depthwiseConv2d(padded(x, window, 0), hwcm, [...window.strides], 'valid')
}
