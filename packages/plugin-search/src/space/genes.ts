import type { Genome } from '@mnas/core/contracts'
import { searchErrors } from '../errors.js'
import { type BlockGenes, blockChoices, blockDecisions, skeleton } from './skeleton.js'

/** A genome as one record of indices for each block. @throws MNAS_SEARCH_GENOME */
export function genesOf(genome: Genome): readonly BlockGenes[] {
  const length = skeleton.length * blockDecisions.length
  if (genome.length !== length)
    throw searchErrors.MNAS_SEARCH_GENOME({ expected: `${length} choices`, received: `${genome.length}` })
  return skeleton.map((_, block) => {
    const entries = blockDecisions.map((name, index) => {
      const value = genome[block * blockDecisions.length + index]!
      const count = blockChoices[name].length
      if (!Number.isInteger(value) || value < 0 || value >= count) {
        throw searchErrors.MNAS_SEARCH_GENOME({
          expected: `block${block + 1}.${name} from 0 to ${count - 1}`,
          received: String(value),
        })
      }
      return [name, value] as const
    })
    return Object.fromEntries(entries) as BlockGenes
  })
}

export function genomeOf(blocks: readonly BlockGenes[]): Genome {
  return blocks.flatMap((genes) => blockDecisions.map((name) => genes[name]))
}
