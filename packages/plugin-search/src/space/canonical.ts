import type { Block } from '@mnas/core/architecture'
import { type BlockGenes, blockChoices, filtersOf, layersOf } from './skeleton.js'

/**
 * Of all genes that decode to the same row, the ones with the first of every equal choice. canonical(a) = canonical(b) exactly
 * when the rows are equal: every row field is a function of the canonical genes, and each gene below is found again from the
 * row.
 * @param row what the genes decode to
 */
export function canonicalBlock(genes: BlockGenes, block: number, row: Block, width: number): BlockGenes {
  return {
    operation: genes.operation,
    kernel: genes.kernel,
    squeezeExcite: row.op === 'conv' ? 0 : genes.squeezeExcite,
    skip: blockChoices.skip.indexOf(row.skip),
    filterRatio: firstEqual(blockChoices.filterRatio.length, (index) => filtersOf(block, index, width) === row.filters),
    layerDelta: firstEqual(blockChoices.layerDelta.length, (index) => layersOf(block, index) === row.repeats),
  }
}

function firstEqual(count: number, equal: (index: number) => boolean): number {
  for (let index = 0; index < count; index++) if (equal(index)) return index
  return 0
}
