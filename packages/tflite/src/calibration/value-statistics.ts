import type { Tensors } from '@mnas/core/contracts'
import { atWork, type Working } from './at-work.js'

/** Of one value of a network over many images, by channel (the last axis). */
export interface ValueStatistics {
  readonly low: Float64Array
  readonly high: Float64Array
  readonly mean: Float64Array
  /** How far from 0 a channel reaches, on the mean of the images: one image that is out of all proportion does not decide it. */
  readonly reach: Float64Array
}
export type Statistics = ReadonlyMap<string, ValueStatistics>

interface Sums {
  readonly low: Float64Array
  readonly high: Float64Array
  readonly total: Float64Array
  readonly reach: Float64Array
  count: number
  images: number
}

/**
 * @param values by id, some images at a time, the channel in the last axis
 * @param around when it may compute. Default: at any time
 */
export async function valueStatistics(values: AsyncIterable<Tensors>, around: Working = {}): Promise<Statistics> {
  const sums = new Map<string, Sums>()
  const addAll = (tensors: Tensors) => {
    for (const [id, { shape, data }] of Object.entries(tensors)) {
      const channels = shape.at(-1)!
      const known = sums.get(id) ?? emptySums(channels)
      sums.set(id, known)
      const perImage = data.length / shape[0]!
      for (let from = 0; from < data.length; from += perImage) add(known, data.subarray(from, from + perImage))
    }
  }
  for await (const tensors of values) await atWork(around, () => addAll(tensors))
  return new Map(
    [...sums].map(([id, { low, high, total, reach, count, images }]) => {
      return [id, { low, high, mean: total.map((sum) => sum / count), reach: reach.map((sum) => sum / images) }] as const
    }),
  )
}

function emptySums(channels: number): Sums {
  return {
    low: new Float64Array(channels).fill(Number.POSITIVE_INFINITY),
    high: new Float64Array(channels).fill(Number.NEGATIVE_INFINITY),
    total: new Float64Array(channels),
    reach: new Float64Array(channels),
    count: 0,
    images: 0,
  }
}

/** One image's values. */
function add(sums: Sums, data: ArrayLike<number>): void {
  const { low, high, total, reach } = sums
  const channels = low.length
  const farthest = new Float64Array(channels)
  for (let first = 0; first < data.length; first += channels) {
    for (let channel = 0; channel < channels; channel++) {
      const value = data[first + channel]!
      if (value < low[channel]!) low[channel] = value
      if (value > high[channel]!) high[channel] = value
      if (Math.abs(value) > farthest[channel]!) farthest[channel] = Math.abs(value)
      total[channel]! += value
    }
  }
  for (const [channel, most] of farthest.entries()) reach[channel]! += most
  sums.count += data.length / channels
  sums.images++
}
