import type { Block } from '@mnas/core/architecture'

/**
 * What a block's skip comes to: `none` when it is legal on none of the block's layers. Layers behind the first have stride 1
 * and as many filters in as out, so any skip is legal there. On the first, identity needs stride 1 and equal filters; a max
 * pool strides with the layer and needs only equal filters.
 */
export function effectiveSkip(
  block: Pick<Block, 'skip' | 'repeats' | 'stride' | 'filters'>,
  inputFilters: number,
): Block['skip'] {
  if (block.repeats > 1) return block.skip
  if (block.filters !== inputFilters) return 'none'
  return block.skip === 'identity' && block.stride !== 1 ? 'none' : block.skip
}
