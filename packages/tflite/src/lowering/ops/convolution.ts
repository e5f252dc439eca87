import { convOptions, denseOptions, depthwiseOptions } from '../../flatbuffer/options.js'
import { type Emitter, emitResult } from '../emitter.js'
import { convKernel, depthwiseKernel } from '../layouts.js'
import { paddedInput } from './window.js'

/** CONV_2D: kernel [out, kh, kw, in], always with a bias. */
export const conv2d: Emitter<'conv2d'> = (emission) => {
  const { layer, inputs, builder } = emission
  const { filters, kernel } = layer.node.attributes
  const [height, width] = kernel
  const channels = inputs[0]!.spec.shape[2]!
  const { tensor, window } = paddedInput(emission)
  const data = convKernel(layer.parameters['kernel']!, [filters, channels, height, width])
  const weights = builder.constant(`${layer.node.id}.kernel`, [filters, height, width, channels], data)
  const bias = builder.constant(`${layer.node.id}.bias`, [filters], biasOf(layer.parameters, filters))
  return emitResult(emission, { op: 'CONV_2D', inputs: [tensor, weights, bias], options: convOptions(window) })
}

/** DEPTHWISE_CONV_2D: kernel [1, kh, kw, channels], always with a bias. */
export const depthwiseConv2d: Emitter<'depthwiseConv2d'> = (emission) => {
  const { layer, inputs, builder } = emission
  const channels = inputs[0]!.spec.shape[2]!
  const { tensor, window } = paddedInput(emission)
  const data = depthwiseKernel(layer.parameters['kernel']!, channels)
  const weights = builder.constant(`${layer.node.id}.kernel`, [1, ...layer.node.attributes.kernel, channels], data)
  const bias = builder.constant(`${layer.node.id}.bias`, [channels], biasOf(layer.parameters, channels))
  return emitResult(emission, { op: 'DEPTHWISE_CONV_2D', inputs: [tensor, weights, bias], options: depthwiseOptions(window) })
}

/** The version of FULLY_CONNECTED that knows an absent bias, and the one that keeps leading axes. */
const versions = { plain: 1, keepDims: 5, withoutBias: 6 } as const
const absent = -1

/** FULLY_CONNECTED: kernel [out, in]; the bias may be left out. */
export const dense: Emitter<'dense'> = (emission) => {
  const { layer, inputs, builder } = emission
  const { units } = layer.node.attributes
  const { tensor, spec } = inputs[0]!
  const { kernel, bias } = layer.parameters
  const weights = builder.constant(`${layer.node.id}.kernel`, [units, spec.shape.at(-1)!], Float32Array.from(kernel!))
  const offset = bias ? builder.constant(`${layer.node.id}.bias`, [units], Float32Array.from(bias)) : absent
  const keepDims = spec.shape.length > 1
  const version = bias ? (keepDims ? versions.keepDims : versions.plain) : versions.withoutBias
  const options = denseOptions(layer.activation, keepDims)
  return emitResult(emission, { op: 'FULLY_CONNECTED', version, inputs: [tensor, weights, offset], options })
}

function biasOf(parameters: Readonly<Record<string, ArrayLike<number>>>, channels: number): Float32Array {
  const bias = parameters['bias']
  return bias ? Float32Array.from(bias) : new Float32Array(channels)
}
