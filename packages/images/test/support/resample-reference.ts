import type { Scaling } from '#internal/resampling/resampler.js'

/** For each output pixel along one axis the first input pixel it reads and its weights, 22 bits behind the point. */
type Taps = readonly { readonly first: number; readonly weights: readonly number[] }[]

/** What src/resampling/resampler.ts and its kernel compute, one number after the other. */
export function resampleReference(
  image: { readonly width: number; readonly pixels: Uint8Array },
  { from, to, part = { left: 0, top: 0, ...to }, mirrored = false }: Scaling,
): Uint8Array {
  const wanted = (taps: Taps, start: number, count: number) => taps.slice(start, start + count)
  const columns = wanted(linearTaps(from.left, from.width, to.width), part.left, part.width)
  if (mirrored) columns.reverse()
  const rows = wanted(linearTaps(from.top, from.height, to.height), part.top, part.height)
  const height = from.top + from.height
  const narrow = new Uint8Array(height * part.width * 3)
  for (let at = 0; at < narrow.length; at++) {
    const [y, x, channel] = [Math.floor(at / 3 / part.width), Math.floor(at / 3) % part.width, at % 3]
    const { first, weights } = columns[x]!
    narrow[at] = weighed(weights, (tap) => image.pixels[(y * image.width + first + tap) * 3 + channel]!)
  }
  const length = part.width * 3
  return Uint8Array.from({ length: part.height * length }, (_, at) => {
    const { first, weights } = rows[Math.floor(at / length)]!
    return weighed(weights, (tap) => narrow[(first + tap) * length + (at % length)]!)
  })
}

function weighed(weights: readonly number[], byteAt: (tap: number) => number): number {
  return weights.reduce((sum, weight, tap) => sum + weight * byteAt(tap), 2 ** 21) >> 22
}

function linearTaps(start: number, length: number, outputs: number): Taps {
  const scale = length / outputs
  const reach = Math.max(1, scale)
  return Array.from({ length: outputs }, (_, output) => {
    const centre = (output + 0.5) * scale
    const low = Math.max(0, Math.floor(centre - reach + 0.5))
    const high = Math.min(length, Math.floor(centre + reach + 0.5))
    const triangle = Array.from({ length: high - low }, (_, tap) => Math.max(0, 1 - Math.abs(low + tap + 0.5 - centre) / reach))
    const total = triangle.reduce((sum, value) => sum + value, 0)
    return { first: start + low, weights: triangle.map((value) => Math.round((value / total) * 2 ** 22)) }
  })
}
