import type { AnchorOptions } from './anchor-options.js'

/** Sides as shares of the image's. */
export interface AnchorShape {
  readonly height: number
  readonly width: number
}

/**
 * The anchors of a cell of each map (Liu et al. 2016, §2.2, with the first map as TensorFlow's configuration has it). Of a scale
 * s and a ratio r: height = s / √r, width = s · √r. The map k has the scale sₖ with the ratios 1, 2, ½, 3 and ⅓, and √(sₖ · sₖ₊₁)
 * with 1; behind the last map s is 1. The first map has the smallest side with 1, s₁ with 2 and ½ and, where there are six, s₁,
 * √(smallest · s₁) and √(s₁ · s₂) with 1.
 * @param maps how many, from 2
 */
export function cellAnchors(options: AnchorOptions, maps: number): readonly (readonly AnchorShape[])[] {
  const [low, high] = options.scales
  const scales = Array.from({ length: maps }, (_, map) => low + ((high - low) * map) / (maps - 1))
  return scales.map((scale, map) => {
    const between = Math.sqrt(scale * (scales[map + 1] ?? 1))
    if (map > 0) return [...[1, 2, 1 / 2, 3, 1 / 3].map((ratio) => shape(scale, ratio)), shape(between, 1)]
    const three = [shape(options.smallest, 1), shape(scale, 2), shape(scale, 1 / 2)]
    if (options.first === 3) return three
    return [...three, shape(scale, 1), shape(Math.sqrt(options.smallest * scale), 1), shape(between, 1)]
  })
}

const shape = (scale: number, ratio: number): AnchorShape => ({
  height: scale / Math.sqrt(ratio),
  width: scale * Math.sqrt(ratio),
})
