import type { Block } from '@mnas/core/architecture'
import type { Genome } from '@mnas/core/contracts'
import { canonicalBlock } from './canonical.js'
import { decodeBlock, stemOf } from './decode.js'
import { genesOf, requireGenome } from './genes.js'
import { blockChoices, blockDecisions, skeleton } from './skeleton.js'

/** What the genes of one block come to, behind a block of given filters. */
export interface TabledBlock {
  readonly row: Block
  /** In the order of blockDecisions. */
  readonly canonical: Genome
}

/** Each block's choices as one number: the first decision counts most. */
const weights = blockDecisions.map((_, index) =>
  blockDecisions.slice(index + 1).reduce((product, name) => product * blockChoices[name].length, 1),
)

/**
 * Genomes of one width, block by block: every combination of a block's genes is decoded once (at most 7 · 432 · 3), and then
 * only looked up.
 * @returns the blocks of a genome, equal ones as one object
 * @throws MNAS_SEARCH_GENOME
 */
export function blockTable(width: number): (genome: Genome) => readonly TabledBlock[] {
  const known = skeleton.map(() => new Map<number, TabledBlock[]>())
  return (genome) => {
    requireGenome(genome)
    let filters = stemOf(width)
    return known.map((byFilters, block) => {
      const entry = tabled(byFilters, genome, block, filters, width)
      filters = entry.row.filters
      return entry
    })
  }
}

function tabled(
  byFilters: Map<number, TabledBlock[]>,
  genome: Genome,
  block: number,
  filters: number,
  width: number,
): TabledBlock {
  let entries = byFilters.get(filters)
  if (!entries) {
    entries = []
    byFilters.set(filters, entries)
  }
  const begin = block * weights.length
  let number = 0
  for (let decision = 0; decision < weights.length; decision++) number += weights[decision]! * genome[begin + decision]!
  const entry = entries[number] ?? tabledBlock(genome, block, filters, width)
  entries[number] = entry
  return entry
}

function tabledBlock(genome: Genome, block: number, filters: number, width: number): TabledBlock {
  const genes = genesOf(genome)[block]!
  const row = decodeBlock(genes, block, filters, width)
  const canonical = canonicalBlock(genes, block, row, width)
  return { row, canonical: blockDecisions.map((name) => canonical[name]) }
}
