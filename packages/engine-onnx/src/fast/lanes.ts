import type { Emitter, Window2d } from '../onnx/emitter.js'
import { type Attributes, absent, floats, int, ints, type OnnxTensor, sizeOf, string } from '../onnx/tensor.js'
import { imageMeans } from '../ops/channels.js'

/**
 * The primitives of the fast mode. Every map x is blocked: [C, N/B, H, W, B], B images in the lanes of onnxruntime's NCHWc kernels, so that
 * the batch counts as channels there. Reshapes of it are free views:
 * - `matrix` [C, M], M = N·H·W in an order of its own, for products
 * - `columns` [1, C, M, 1], for 1x1 convolutions
 * - `lanes` [1, C·N, H, W], for NCHWc kernels with a group per channel and image
 * Numbers per channel are [C, 1], numbers per channel and image [C, N].
 */
export type Activation = 'relu' | 'relu6'

export const channelsOf = (x: OnnxTensor): number => x.shape[0]!
export const imagesOf = (x: OnnxTensor): number => x.shape[1]! * x.shape[4]!
/** M: values per channel. */
export const positionsOf = (x: OnnxTensor): number => sizeOf(x.shape.slice(1))
/** M of a map that lies in several parts. */
export const allPositions = (parts: readonly OnnxTensor[]): number => parts.reduce((total, part) => total + positionsOf(part), 0)
export const sidesOf = (x: OnnxTensor): readonly [number, number] => [x.shape[2]!, x.shape[3]!]

export const matrix = (g: Emitter, x: OnnxTensor): OnnxTensor => g.reshape(x, [channelsOf(x), positionsOf(x)])
const columns = (g: Emitter, x: OnnxTensor): OnnxTensor => g.reshape(x, [1, channelsOf(x), positionsOf(x), 1])
const lanes = (g: Emitter, x: OnnxTensor): OnnxTensor => g.reshape(x, [1, channelsOf(x) * imagesOf(x), ...sidesOf(x)])

const nchwc = 'com.microsoft.nchwc'
const microsoft = 'com.microsoft'
const one: Window2d = { kernel: [1, 1], strides: [1, 1], pads: [0, 0, 0, 0], dilations: [1, 1] }

function windowAttributes({ kernel, strides, pads, dilations = [1, 1] }: Window2d, group: number): Attributes {
  const pairs = { kernel_shape: ints(kernel), strides: ints(strides), pads: ints(pads), dilations: ints(dilations) }
  return { ...pairs, group: int(group) }
}

function activationAttributes(activation: Activation | undefined): Attributes {
  if (activation === undefined) return {}
  if (activation === 'relu') return { activation: string('Relu') }
  return { activation: string('Clip'), activation_params: floats([0, 6]) }
}

/** Bias and addend as ONNX's optional third and fourth input. */
function extraInputs(bias: OnnxTensor | undefined, addend: OnnxTensor | undefined): readonly OnnxTensor[] {
  if (addend) return [bias ?? absent, addend]
  return bias ? [bias] : []
}

export interface LaneOptions {
  /** [C·N] */
  readonly bias?: OnnxTensor | undefined
  /** Blocked; added to the result in the same pass. */
  readonly addend?: OnnxTensor | undefined
}

/** Depthwise convolution with a kernel per channel and image, [C·N, 1, kh, kw] in blocked order; `sides` of the result. */
export function laneConv(
  g: Emitter,
  x: OnnxTensor,
  kernel: OnnxTensor,
  window: Window2d,
  sides: readonly [number, number],
  { bias, addend }: LaneOptions = {},
): OnnxTensor {
  const groups = channelsOf(x) * imagesOf(x)
  const inputs = [lanes(g, x), kernel, ...extraInputs(bias, addend && lanes(g, addend))]
  const y = g.emit('Conv', inputs, [1, groups, ...sides], windowAttributes(window, groups), 'float', nchwc)
  return g.reshape(y, [...x.shape.slice(0, 2), ...sides, x.shape[4]!])
}

/** scale·x + shift with both per channel and image [C, N], in one pass. */
export function scalePerImage(g: Emitter, x: OnnxTensor, scale: OnnxTensor, shift?: OnnxTensor): OnnxTensor {
  const groups = channelsOf(x) * imagesOf(x)
  return laneConv(g, x, g.reshape(scale, [groups, 1, 1, 1]), one, sidesOf(x), { bias: shift && g.reshape(shift, [groups]) })
}

export interface ChannelOptions {
  readonly addend?: OnnxTensor | undefined
  readonly activation?: Activation
}

/** activation(scale·x + shift + addend) with scale and shift per channel [C, 1], in one pass. */
export function scalePerChannel(
  g: Emitter,
  x: OnnxTensor,
  scale: OnnxTensor,
  shift: OnnxTensor,
  { addend, activation }: ChannelOptions = {},
): OnnxTensor {
  const channels = channelsOf(x)
  const weights = g.reshape(scale, [channels, 1, 1, 1])
  const extra = extraInputs(g.reshape(shift, [channels]), addend && columns(g, addend))
  const fused = addend !== undefined || activation !== undefined
  const attributes = { ...windowAttributes(one, channels), ...activationAttributes(activation) }
  const inputs = [columns(g, x), weights, ...extra]
  const view = [1, channels, positionsOf(x), 1]
  const y = fused ? g.emit('FusedConv', inputs, view, attributes, 'float', microsoft) : g.emit('Conv', inputs, view, attributes)
  return g.reshape(y, x.shape)
}

/** weights [C', C] · x (+ addend), a 1x1 convolution. */
export function pointwise(g: Emitter, weights: OnnxTensor, x: OnnxTensor, addend?: OnnxTensor): OnnxTensor {
  const [filters, channels] = weights.shape as [number, number]
  const inputs = [columns(g, x), g.reshape(weights, [filters, channels, 1, 1])]
  const view = [1, filters, positionsOf(x), 1]
  const attributes = windowAttributes(one, 1)
  const y = addend
    ? g.emit('FusedConv', [...inputs, ...extraInputs(undefined, columns(g, addend))], view, attributes, 'float', microsoft)
    : g.emit('Conv', inputs, view, attributes)
  return g.reshape(y, [filters, ...x.shape.slice(1)])
}

/** a [C', M] · bᵀ [M, C]: the larger channel count as the left operand, which onnxruntime spreads over the threads better. */
export function outerProduct(g: Emitter, a: OnnxTensor, b: OnnxTensor): OnnxTensor {
  const [left, right] = [matrix(g, a), matrix(g, b)]
  if (channelsOf(a) >= channelsOf(b)) return g.gemm(left, right, { transB: true })
  return g.transpose(g.gemm(right, left, { transB: true }), [1, 0])
}

/** Numbers per image that lie blocked [C, N/B, 1, 1, B] as [C, N]. */
export const perImage = (g: Emitter, x: OnnxTensor): OnnxTensor => g.reshape(x, [channelsOf(x), imagesOf(x)])

/**
 * Σ x per channel [C, 1]. Image by image and then over the images: onnxruntime's own ReduceSum over a long row is the inaccurate part of such
 * a gradient, and the slow one.
 */
export function channelSum(g: Emitter, x: OnnxTensor): OnnxTensor {
  return g.multiply(g.sum(perImage(g, imageMeans(g, x)), [1]), sizeOf(sidesOf(x)))
}

/** Mean of x per channel [C, 1], in the same way. */
export function channelMean(g: Emitter, x: OnnxTensor): OnnxTensor {
  return g.mean(perImage(g, imageMeans(g, x)), [1])
}

/** −Σ x/M over the parts of a map, per channel [C, 1]. */
export function negativeMean(g: Emitter, parts: readonly OnnxTensor[]): OnnxTensor {
  const positions = allPositions(parts)
  const addPart = (sum: OnnxTensor | undefined, part: OnnxTensor): OnnxTensor => {
    const means = perImage(g, imageMeans(g, part))
    return rowSums(g, means, -sizeOf(sidesOf(part)) / positions, sum && { bias: sum })
  }
  return parts.reduce<OnnxTensor | undefined>(addPart, undefined)!
}

/** factor · Σ x per row of x [C, n] + beta · bias, [C, 1]: one product with ones instead of three nodes, each of which costs more to begin than to do. */
export function rowSums(
  g: Emitter,
  x: OnnxTensor,
  factor: number,
  addend: { readonly bias: OnnxTensor; readonly beta?: number } | undefined,
): OnnxTensor {
  const ones = g.expand(g.constant(Float32Array.of(1), [1, 1]), [x.shape[1]!, 1])
  return g.gemm(x, ones, { alpha: factor, ...addend })
}

/** Σ x·y per channel and image [C, N]: a convolution of x with y as its kernel. */
export function imageDots(g: Emitter, x: OnnxTensor, y: OnnxTensor): OnnxTensor {
  const sides = sidesOf(x)
  const kernel = g.reshape(y, [channelsOf(x) * imagesOf(x), 1, ...sides])
  return perImage(g, laneConv(g, x, kernel, { ...one, kernel: sides }, [1, 1]))
}

/** Σ x·y per channel [C, 1]. */
export function channelDot(g: Emitter, x: OnnxTensor, y: OnnxTensor): OnnxTensor {
  return g.sum(imageDots(g, x, y), [1])
}

/** 1 where the activation passes a gradient through, else 0. */
export function activationMask(g: Emitter, y: OnnxTensor, activation: Activation): OnnxTensor {
  const positive = g.isPositive(y)
  return activation === 'relu' ? positive : g.multiply(positive, g.isBelow(y, 6))
}

/**
 * `value` [C, n], but computed after `other` [C, …]: a product of other's first column with zeros is added. onnxruntime walks back from the
 * outputs and computes what it meets; a weight gradient that comes before the data gradient lets go of the maps that it needs.
 */
export function after(g: Emitter, value: OnnxTensor, other: OnnxTensor): OnnxTensor {
  return g.gemm(firstColumn(g, other), zeros(g, value.shape[1]!), { bias: value })
}

/** Zeros [C, n] that can only be computed after `other` [C, …]. */
export function zerosAfter(g: Emitter, count: number, other: OnnxTensor): OnnxTensor {
  return g.gemm(firstColumn(g, other), zeros(g, count))
}

const firstColumn = (g: Emitter, x: OnnxTensor): OnnxTensor => g.slice(x, [1], [0], [1])
const zeros = (g: Emitter, count: number): OnnxTensor => g.constant(new Float32Array(count), [1, count])
