import { permuted, transposed } from '../../layout.js'
import { anyBatch, type Emission, type Emitter, reshaped } from '../emitter.js'
import { bool, ofFloats, text } from '../graph-def.js'
import { padded, windowAttributes } from './window.js'

const toHwio = [2, 3, 1, 0]
/** Also what takes [C, 1, kh, kw] to [kh, kw, C, 1]. */
const toDepthwise = [2, 3, 0, 1]

/** Conv2D: kernel HWIO. */
export const conv2d: Emitter<'conv2d'> = (emission) => {
  const { layer, inputs } = emission
  const { filters, kernel } = layer.node.attributes
  const { input, scheme } = padded(emission)
  const shape = [filters, inputs[0]!.spec.shape[2]!, ...kernel]
  const weights = kernelConstant(emission, shape, toHwio)
  return withBias(emission, 'Conv2D', [input, weights], windowAttributes(layer.node.attributes.strides, scheme))
}

/** DepthwiseConv2dNative: kernel [kh, kw, C, 1]. Its native kernels know only equal strides: others take every so-many-th pixel of stride 1. */
export const depthwiseConv2d: Emitter<'depthwiseConv2d'> = (emission) => {
  const { layer, inputs, builder } = emission
  const { kernel, strides } = layer.node.attributes
  const weights = kernelConstant(emission, [inputs[0]!.spec.shape[2]!, 1, ...kernel], toDepthwise)
  if (strides[0] === strides[1]) {
    const { input, scheme } = padded(emission)
    return withBias(emission, 'DepthwiseConv2dNative', [input, weights], windowAttributes(strides, scheme))
  }
  const { input } = padded(emission, { always: true })
  const id = layer.node.id
  const all = builder.op(`${id}.all`, 'DepthwiseConv2dNative', [input, weights], windowAttributes([1, 1], 'valid'))
  const bounds = [
    builder.integers(`${id}.begin`, [0, 0, 0, 0]),
    builder.integers(`${id}.end`, [0, 0, 0, 0]),
    builder.integers(`${id}.strides`, [1, ...strides, 1]),
  ]
  return withBias(emission, 'StridedSlice', [all, ...bounds], wholeAxes)
}

const everyAxis = String(0b1111)
const noAxis = String(0)
/** Of StridedSlice: begin and end say nothing, on any axis. */
const wholeAxes = {
  ...ofFloats,
  Index: { type: 'DT_INT32' },
  begin_mask: { i: everyAxis },
  end_mask: { i: everyAxis },
  ellipsis_mask: { i: noAxis },
  new_axis_mask: { i: noAxis },
  shrink_axis_mask: { i: noAxis },
} as const

/** MatMul on rows: kernel [out, in]. */
export const dense: Emitter<'dense'> = (emission) => {
  const { layer, inputs, builder } = emission
  const { name, spec } = inputs[0]!
  const { id } = layer.node
  const features = spec.shape.at(-1)!
  const { units } = layer.node.attributes
  const weights = builder.constant(`${id}.kernel`, [units, features], Float32Array.from(layer.parameters['kernel']!))
  const attributes = { ...ofFloats, transpose_a: bool(false), transpose_b: bool(true) }
  const isRows = spec.batched && spec.shape.length === 1
  if (isRows) return withBias(emission, 'MatMul', [name, weights], attributes)
  const product = builder.op(
    `${id}.product`,
    'MatMul',
    [reshaped(builder, `${id}.rows`, name, [-1, features]), weights],
    attributes,
  )
  const shape = builder.integers(`${id}.shape`, anyBatch(layer.node))
  return withBias(emission, 'Reshape', [product, shape], { ...ofFloats, Tshape: { type: 'DT_INT32' } })
}

type Linear = 'conv2d' | 'depthwiseConv2d' | 'dense'

function kernelConstant({ layer, builder }: Emission<Linear>, shape: readonly number[], axes: readonly number[]): string {
  return builder.constant(`${layer.node.id}.kernel`, permuted(shape, axes), transposed(layer.parameters['kernel']!, shape, axes))
}

/** The op, and the bias behind it where there is one (a folded batch norm's offset among them). */
function withBias(
  { layer, builder }: Emission<Linear>,
  op: string,
  input: readonly string[],
  attributes: Parameters<typeof builder.op>[3],
): string {
  const bias = layer.parameters['bias']
  if (!bias) return builder.result(layer.id, op, input, attributes)
  const linear = builder.op(`${layer.node.id}.linear`, op, input, attributes)
  const offset = builder.constant(`${layer.node.id}.bias`, [bias.length], Float32Array.from(bias))
  return builder.result(layer.id, 'BiasAdd', [linear, offset], { ...ofFloats, data_format: text('NHWC') })
}
