import type { Tensors } from '@mnas/core/contracts'
import type { Range } from '../quantization/affine.js'
import { atWork, type Working } from './at-work.js'
import type { ChannelScales } from './equalize.js'
import type { Statistics } from './value-statistics.js'

const bins = 8192

/** How often a value of a network takes which numbers. */
export interface Histogram extends Range {
  /** Of equal bins from low to high. */
  readonly counts: Float64Array
  /** The range of one image, on the mean of all: an image that is out of all proportion does not decide it. */
  readonly typical: Range
}
export type Histograms = ReadonlyMap<string, Histogram>

/**
 * Of the same values under several scales, in one pass over the images.
 * @param values as those that the statistics are of
 * @param around when it may compute. Default: at any time
 */
export async function valueHistograms(
  values: AsyncIterable<Tensors>,
  statistics: Statistics,
  scalings: readonly ChannelScales[],
  around: Working = {},
): Promise<readonly Histograms[]> {
  const all = scalings.map(
    (scales) =>
      new Map(
        [...statistics.keys()].map((id) => [id, new Counting(scaledRange(statistics, scales, id), scales.get(id))] as const),
      ),
  )
  const addAll = (tensors: Tensors) => {
    for (const [id, { shape, data }] of Object.entries(tensors)) {
      const perImage = data.length / shape[0]!
      for (const counting of all)
        for (let from = 0; from < data.length; from += perImage) counting.get(id)!.add(data.subarray(from, from + perImage))
    }
  }
  for await (const tensors of values) await atWork(around, () => addAll(tensors))
  return all.map((counting) => new Map([...counting].map(([id, one]) => [id, one.result()] as const)))
}

/** Of all images, divided by scales. */
function scaledRange(statistics: Statistics, scales: ChannelScales, id: string): Range {
  const { low, high } = statistics.get(id)!
  const scale = scales.get(id)
  const [lows, highs] = scale ? [low.map((v, c) => v / scale[c]!), high.map((v, c) => v / scale[c]!)] : [low, high]
  return { low: lows.reduce((a, b) => Math.min(a, b)), high: highs.reduce((a, b) => Math.max(a, b)) }
}

/** The histogram of one value while it grows. */
class Counting {
  readonly #range: Range
  readonly #scale: Float64Array | undefined
  readonly #counts = new Float64Array(bins)
  #images = 0
  #lows = 0
  #highs = 0

  constructor(range: Range, scale: Float64Array | undefined) {
    this.#range = range
    this.#scale = scale
  }

  /** One image. */
  add(data: ArrayLike<number>): void {
    const [scale, counts] = [this.#scale, this.#counts]
    const { low, high } = this.#range
    const perBin = bins / (high - low || 1)
    const channels = scale?.length ?? 1
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (let i = 0, channel = 0; i < data.length; i++) {
      const value = scale ? data[i]! / scale[channel]! : data[i]!
      if (value < least) least = value
      if (value > most) most = value
      counts[Math.min(bins - 1, Math.max(0, Math.floor((value - low) * perBin)))]!++
      if (++channel === channels) channel = 0
    }
    this.#lows += least
    this.#highs += most
    this.#images++
  }

  result(): Histogram {
    const typical = { low: this.#lows / this.#images, high: this.#highs / this.#images }
    return { ...this.#range, counts: this.#counts, typical }
  }
}
