import { type Architecture, architectureHash, type Block, roundFilters } from '@mnas/core/architecture'
import type { SpaceOptions } from '@mnas/core/contracts'
import { candidateId } from '../candidate-id.js'
import { effectiveSkip } from './effective-skip.js'
import { type BlockGenes, blockChoices, filtersOf, headFilters, layersOf, skeleton, stemFilters } from './skeleton.js'

/** Filters that enter the first block. */
export const stemOf = (width: number): number => roundFilters(stemFilters, width)

/** A row as the genes say it; its skip is what it comes to, so that equal networks are equal rows. */
export function decodeBlock(genes: BlockGenes, block: number, inputFilters: number, width: number): Block {
  const operation = blockChoices.operation[genes.operation]!
  const squeezeExcite = blockChoices.squeezeExcite[genes.squeezeExcite]!
  const row = {
    repeats: layersOf(block, genes.layerDelta),
    kernel: blockChoices.kernel[genes.kernel]!,
    stride: skeleton[block]!.stride,
    filters: filtersOf(block, genes.filterRatio, width),
    skip: blockChoices.skip[genes.skip]!,
  }
  const squeeze = squeezeExcite === 0 ? {} : { squeezeExcite }
  const skip = effectiveSkip(row, inputFilters)
  switch (operation) {
    case 'conv':
      return { op: 'conv', ...row, skip }
    case 'separable':
      return { op: 'separable', ...row, ...squeeze, skip }
    case 'mbconv3':
      return { op: 'mbconv', expansion: 3, ...row, ...squeeze, skip }
    case 'mbconv6':
      return { op: 'mbconv', expansion: 6, ...row, ...squeeze, skip }
    default:
      throw operation satisfies never
  }
}

/** The architecture of these rows, named by its hash. */
export function architectureOf(blocks: readonly Block[], options: SpaceOptions): Architecture {
  const nameless: Omit<Architecture, 'name'> = {
    version: 1,
    input: { size: options.inputSize },
    padding: 'same',
    activation: 'relu',
    batchNormEpsilon: 1e-3,
    stem: { filters: stemOf(options.width), kernel: 3, stride: 2 },
    blocks,
    head: { filters: headFilters },
    task: options.task,
  }
  const { version, ...rest } = nameless
  return { version, name: `mnas-${candidateId(architectureHash({ ...nameless, name: 'x' }))}`, ...rest }
}
