import type { Quantization } from '../flatbuffer/model.js'

/** Weights as 8-bit integers, symmetric: real = scale[channel] · stored, stored −127…127. */
export interface IntegerKernel {
  readonly data: Int8Array
  readonly quantization: Quantization
}

/** A layer's weights as the file has them. */
export interface Kernel {
  readonly shape: readonly number[]
  readonly data: Float32Array
  /** Of the output channels: 0, but for a depthwise kernel [1, kh, kw, channels] 3. */
  readonly axis: number
}

export interface KernelRounding {
  /** A scale for each output channel, or one for all. */
  readonly perChannel: boolean
  /** Scales are at least these, by channel. Default: 0. */
  readonly least?: (channel: number) => number
  /** Default: each weight to the nearest level. */
  readonly round?: RoundWeights
}

/** The levels −127…127 of weights under the scales of their output channels, or one scale for all. */
export type RoundWeights = (kernel: Kernel, scale: Float32Array) => Int8Array

/** On each side of 0. */
export const weightLevels = 127
const smallestScale = 1e-9

/** Rounds weights to 127 levels on both sides of 0, by the largest weight of each output channel (or of all). */
export function integerKernel(
  kernel: Kernel,
  { perChannel, least = () => 0, round = nearestLevels }: KernelRounding,
): IntegerKernel {
  const { data, axis, shape } = kernel
  const channels = shape[axis]!
  const channelOf = channelsOf(kernel)
  const largest = new Float64Array(channels)
  for (let i = 0; i < data.length; i++) {
    const channel = channelOf(i)
    largest[channel] = Math.max(largest[channel]!, Math.abs(data[i]!))
  }
  const own = Float32Array.from(largest, (most, channel) => Math.max(most / weightLevels, least(channel), smallestScale))
  const scale = perChannel ? own : Float32Array.of(own.reduce((a, b) => Math.max(a, b)))
  return {
    data: round(kernel, scale),
    quantization: { scale, zeroPoint: Array<number>(scale.length).fill(0), axis: perChannel ? axis : 0 },
  }
}

function nearestLevels(kernel: Kernel, scale: Float32Array): Int8Array {
  const { data } = kernel
  const channelOf = channelsOf(kernel)
  const perChannel = scale.length > 1
  const levels = new Int8Array(data.length)
  // A loop: of each candidate of a file every weight comes by here, and a call for each takes several times as long.
  for (let i = 0; i < data.length; i++) {
    const level = Math.round(data[i]! / scale[perChannel ? channelOf(i) : 0]!)
    levels[i] = Math.min(weightLevels, Math.max(-weightLevels, level))
  }
  return levels
}

/** Of each weight by its position: the output channel. */
export function channelsOf({ shape, axis }: Pick<Kernel, 'shape' | 'axis'>): (position: number) => number {
  const inner = shape.slice(axis + 1).reduce((product, length) => product * length, 1)
  const channels = shape[axis]!
  return (position) => Math.floor(position / inner) % channels
}
