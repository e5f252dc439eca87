import type { Genome } from '@mnas/core/contracts'
import { searchErrors } from '../errors.js'
import { type BlockGenes, blockChoices, blockDecisions, skeleton } from './skeleton.js'

const choiceCounts = blockDecisions.map((name) => blockChoices[name].length)

/** @throws MNAS_SEARCH_GENOME unless it has one index within its choices for each decision */
export function requireGenome(genome: Genome): void {
  const length = skeleton.length * choiceCounts.length
  if (genome.length !== length)
    throw searchErrors.MNAS_SEARCH_GENOME({ expected: `${length} choices`, received: `${genome.length}` })
  for (let position = 0; position < length; position++) {
    const value = genome[position]!
    const count = choiceCounts[position % choiceCounts.length]!
    if (!Number.isInteger(value) || value < 0 || value >= count) throw wrongChoice(position, count, value)
  }
}

function wrongChoice(position: number, count: number, value: number): Error {
  const block = Math.floor(position / choiceCounts.length) + 1
  const name = blockDecisions[position % choiceCounts.length]
  return searchErrors.MNAS_SEARCH_GENOME({ expected: `block${block}.${name} from 0 to ${count - 1}`, received: String(value) })
}

/** A genome as one record of indices for each block. */
export function genesOf(genome: Genome): readonly BlockGenes[] {
  return skeleton.map((_, block) => {
    const entries = blockDecisions.map((name, index) => [name, genome[block * blockDecisions.length + index]!] as const)
    return Object.fromEntries(entries) as BlockGenes
  })
}

export function genomeOf(blocks: readonly BlockGenes[]): Genome {
  return blocks.flatMap((genes) => blockDecisions.map((name) => genes[name]))
}
