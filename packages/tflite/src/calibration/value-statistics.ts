import type { Tensors } from '@mnas/core/contracts'

/** Of one value of a network over many images, by channel (the last axis). */
export interface ValueStatistics {
  readonly low: Float64Array
  readonly high: Float64Array
  readonly mean: Float64Array
}
export type Statistics = ReadonlyMap<string, ValueStatistics>

interface Sums {
  readonly low: Float64Array
  readonly high: Float64Array
  readonly total: Float64Array
  count: number
}

/** @param values by id, some images at a time, the channel in the last axis */
export async function valueStatistics(values: AsyncIterable<Tensors>): Promise<Statistics> {
  const sums = new Map<string, Sums>()
  for await (const tensors of values) {
    for (const [id, { shape, data }] of Object.entries(tensors)) {
      const channels = shape.at(-1)!
      const known = sums.get(id) ?? emptySums(channels)
      sums.set(id, known)
      add(known, data)
    }
  }
  return new Map(
    [...sums].map(([id, { low, high, total, count }]) => [id, { low, high, mean: total.map((sum) => sum / count) }] as const),
  )
}

function emptySums(channels: number): Sums {
  return {
    low: new Float64Array(channels).fill(Number.POSITIVE_INFINITY),
    high: new Float64Array(channels).fill(Number.NEGATIVE_INFINITY),
    total: new Float64Array(channels),
    count: 0,
  }
}

function add(sums: Sums, data: ArrayLike<number>): void {
  const { low, high, total } = sums
  const channels = low.length
  for (let first = 0; first < data.length; first += channels) {
    for (let channel = 0; channel < channels; channel++) {
      const value = data[first + channel]!
      if (value < low[channel]!) low[channel] = value
      if (value > high[channel]!) high[channel] = value
      total[channel]! += value
    }
  }
  sums.count += data.length / channels
}
