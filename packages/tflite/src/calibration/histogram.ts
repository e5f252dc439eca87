import type { Tensors } from '@mnas/core/contracts'
import type { Range } from '../quantization/affine.js'
import type { ChannelScales } from './equalize.js'
import type { Statistics } from './value-statistics.js'

const bins = 2048

/** How often a value of a network takes which numbers. */
export interface Histogram extends Range {
  /** Of equal bins from low to high. */
  readonly counts: Float64Array
}
export type Histograms = ReadonlyMap<string, Histogram>

/** Ranges of values, divided by scales. */
export function scaledRange(statistics: Statistics, scales: ChannelScales, id: string): Range {
  const { low, high } = statistics.get(id)!
  const scale = scales.get(id)
  const [lows, highs] = scale ? [low.map((v, c) => v / scale[c]!), high.map((v, c) => v / scale[c]!)] : [low, high]
  return { low: lows.reduce((a, b) => Math.min(a, b)), high: highs.reduce((a, b) => Math.max(a, b)) }
}

/**
 * Of the same values under several scales, in one pass over the images.
 * @param values as those that the statistics are of
 */
export async function valueHistograms(
  values: AsyncIterable<Tensors>,
  statistics: Statistics,
  scalings: readonly ChannelScales[],
): Promise<readonly Histograms[]> {
  const all = scalings.map(
    (scales) =>
      new Map(
        [...statistics.keys()].map(
          (id) => [id, { ...scaledRange(statistics, scales, id), counts: new Float64Array(bins) }] as const,
        ),
      ),
  )
  for await (const tensors of values) {
    for (const [id, { data }] of Object.entries(tensors)) {
      for (const [index, scales] of scalings.entries()) add(all[index]!.get(id)!, data, scales.get(id))
    }
  }
  return all
}

function add({ low, high, counts }: Histogram, data: ArrayLike<number>, scale: Float64Array | undefined): void {
  const perBin = bins / (high - low || 1)
  const channels = scale?.length ?? 1
  for (let i = 0, channel = 0; i < data.length; i++) {
    const value = scale ? data[i]! / scale[channel]! : data[i]!
    const bin = Math.min(bins - 1, Math.max(0, Math.floor((value - low) * perBin)))
    counts[bin]!++
    if (++channel === channels) channel = 0
  }
}
