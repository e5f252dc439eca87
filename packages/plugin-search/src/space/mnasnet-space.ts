import type { Architecture } from '@mnas/core/architecture'
import type { Genome, SearchSpace, SpaceFactory, SpaceOptions } from '@mnas/core/contracts'
import { canonicalGenes } from './canonical.js'
import { decodeGenes } from './decode.js'
import { differencesOf, encodeGenes } from './encode.js'
import { genesOf, genomeOf } from './genes.js'
import { type BlockGenes, decisions, skeleton } from './skeleton.js'

/**
 * The paper's factorised hierarchical space (Tan et al. 2019, §3.1): each of 7 blocks chooses its own layer, repeated within the block;
 * 432 choices a block. Where the paper is silent: a skip acts only where it is legal, squeeze-excite only behind a depthwise convolution,
 * and a width multiplies the whole skeleton, the stem included and the head not.
 */
export const mnasnetSpace: SpaceFactory = {
  name: 'mnasnet',
  widths: [0.35, 0.5, 0.75, 1, 1.4],
  create: (options) => createSpace(options),
}
export default mnasnetSpace

function createSpace(options: SpaceOptions): SearchSpace {
  const canonical = (genome: Genome): Genome => genomeOf(canonicalGenes(genesOf(genome), options.width))
  return {
    name: 'mnasnet',
    decisions,
    decode: (genome) => decodeGenes(genesOf(genome), options),
    canonical,
    encode(architecture: Architecture) {
      const genome = canonical(genomeOf(encodeGenes(architecture, options.width)))
      return { genome, differences: differencesOf(architecture, decodeGenes(genesOf(genome), options)) }
    },
    smallest: () => canonical(genomeOf(skeleton.map(() => smallestGenes))),
  }
}

/** Separable k3, without squeeze-excite, with the fewest filters and layers: no choice of another block makes any of these dearer. */
const smallestGenes: BlockGenes = { operation: 1, kernel: 0, squeezeExcite: 0, skip: 0, filterRatio: 0, layerDelta: 0 }
