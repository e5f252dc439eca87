import type { Graph } from '@mnas/core/contracts'
import { type Normalization, takesPixels } from '@mnas/core/graph'
import type { Ranges } from '../quantization/value-levels.js'

/**
 * What the inputs of pixels can hold: levels of 0 to 255, normalised. A client that has a photo hands its bytes to a file that takes bytes as they
 * are: so the scale is that of levels, not that of the images which were looked at.
 */
export function pixelRanges({ inputs }: Graph, { mean, std }: Normalization): Ranges {
  const ends = [0, 1, 2].flatMap((c) => [-mean[c]! / std[c]!, (255 - mean[c]!) / std[c]!])
  const range = { low: Math.min(...ends), high: Math.max(...ends) }
  return new Map(Object.entries(inputs).flatMap(([name, spec]) => (takesPixels(spec) ? [[name, range] as const] : [])))
}
