import { type Block, roundFilters } from '@mnas/core/architecture'
import type { Decision } from '@mnas/core/contracts'

/** MobileNetV2's skeleton, as the paper uses it (Tan et al. 2019, §3.1 and §4.1): 7 blocks behind a stem of 32 filters. */
export const stemFilters = 32
export const headFilters = 1280
export const skeleton = [
  { repeats: 1, filters: 16, stride: 1 },
  { repeats: 2, filters: 24, stride: 2 },
  { repeats: 3, filters: 32, stride: 2 },
  { repeats: 4, filters: 64, stride: 2 },
  { repeats: 3, filters: 96, stride: 1 },
  { repeats: 3, filters: 160, stride: 2 },
  { repeats: 1, filters: 320, stride: 1 },
] as const satisfies readonly Pick<Block, 'repeats' | 'filters' | 'stride'>[]

/** One row's kind of layer. The number is the expansion. */
export const operations = ['conv', 'separable', 'mbconv3', 'mbconv6'] as const
export type Operation = (typeof operations)[number]

/**
 * The choices of one block, 4 · 2 · 2 · 3 · 3 · 3 = 432. In each list the first is what a choice that does not act is set to,
 * so that "no skip" and "no squeeze-excite" stand first.
 */
export const blockChoices = {
  operation: operations,
  kernel: [3, 5],
  squeezeExcite: [0, 0.25],
  skip: ['none', 'identity', 'pool'],
  filterRatio: [0.75, 1, 1.25],
  layerDelta: [-1, 0, 1],
} as const
export type BlockDecision = keyof typeof blockChoices
export const blockDecisions = Object.keys(blockChoices) as readonly BlockDecision[]

/** One index into each list of blockChoices. */
export type BlockGenes = Readonly<Record<BlockDecision, number>>

export const decisions: readonly Decision[] = skeleton.flatMap((_, block) =>
  blockDecisions.map((name) => ({ name: `block${block + 1}.${name}`, choices: blockChoices[name] })),
)

/** Layers of a block: never fewer than one, so that −1 and 0 mean the same for a block of one layer. */
export function layersOf(block: number, layerDelta: number): number {
  return Math.max(1, skeleton[block]!.repeats + blockChoices.layerDelta[layerDelta]!)
}

/** Filters of a block; rounding to multiples of 8 makes some ratios of narrow blocks mean the same. */
export function filtersOf(block: number, filterRatio: number, width: number): number {
  return roundFilters(skeleton[block]!.filters, blockChoices.filterRatio[filterRatio]! * width)
}
