import { type Architecture, namedArchitecture, scaleArchitecture, withTask } from '@mnas/core/architecture'
import type { Genome, SearchSpace, SpaceFactory, SpaceOptions } from '@mnas/core/contracts'
import { blockTable } from './block-table.js'
import { architectureOf } from './decode.js'
import { differencesOf, encodeGenes } from './encode.js'
import { genomeOf } from './genes.js'
import { type BlockGenes, decisions, skeleton } from './skeleton.js'

/**
 * The paper's factorised hierarchical space (Tan et al. 2019, §3.1): each of 7 blocks chooses its own layer, repeated within
 * the block; 432 choices a block. Where the paper is silent: a skip acts only where it is legal, squeeze-excite only behind a
 * depthwise convolution, and a width multiplies the whole skeleton, the stem included and the head not.
 */
export const mnasnetSpace: SpaceFactory = {
  name: 'mnasnet',
  widths: [0.35, 0.5, 0.75, 1, 1.4],
  // Google's released proxy trains a head of 256 filters instead of 1280.
  proxyHeadFilters: 256,
  create: (options) => createSpace(options),
  reference: ({ inputSize, task }) =>
    withTask(scaleArchitecture(namedArchitecture('mnasnet-a1'), { inputSize }), task.name, task.options),
}
export default mnasnetSpace

function createSpace(options: SpaceOptions): SearchSpace {
  const blocksOf = blockTable(options.width)
  const canonical = (genome: Genome): Genome => {
    // A search asks for it more often than for anything else: no flatMap.
    const genes: number[] = []
    for (const block of blocksOf(genome)) genes.push(...block.canonical)
    return genes
  }
  const rows = (genome: Genome) => blocksOf(genome).map(({ row }) => row)
  const decode = (genome: Genome) => architectureOf(rows(genome), options)
  return {
    name: 'mnasnet',
    decisions,
    decode,
    canonical,
    rows,
    encode(architecture: Architecture) {
      const genome = canonical(genomeOf(encodeGenes(architecture, options.width)))
      return { genome, differences: differencesOf(architecture, decode(genome)) }
    },
    smallest: () => canonical(genomeOf(skeleton.map(() => smallestGenes))),
  }
}

/**
 * Separable k3, without squeeze-excite, with the fewest filters and layers: no choice of another block makes any of these
 * dearer.
 */
const smallestGenes: BlockGenes = { operation: 1, kernel: 0, squeezeExcite: 0, skip: 0, filterRatio: 0, layerDelta: 0 }
