import type { Architecture, Block } from '@mnas/core/architecture'
import { effectiveSkip } from './effective-skip.js'
import { type BlockGenes, blockChoices, filtersOf, layersOf, type Operation, skeleton } from './skeleton.js'

/** The nearest genes of each row, choice by choice; rows that an architecture lacks become the skeleton's own. */
export function encodeGenes(architecture: Architecture, width: number): readonly BlockGenes[] {
  return skeleton.map((_, block) => {
    const row = architecture.blocks[block]
    return row ? encodeBlock(row, block, width) : skeletonGenes
  })
}

const skeletonGenes: BlockGenes = { operation: 3, kernel: 0, squeezeExcite: 0, skip: 1, filterRatio: 1, layerDelta: 1 }

function encodeBlock(row: Block, block: number, width: number): BlockGenes {
  const indices = (count: number) => Array.from({ length: count }, (_, index) => index)
  return {
    operation: blockChoices.operation.indexOf(operationOf(row)),
    kernel: nearest(blockChoices.kernel, row.kernel),
    squeezeExcite: nearest(blockChoices.squeezeExcite, row.squeezeExcite ?? 0),
    skip: blockChoices.skip.indexOf(row.skip),
    filterRatio: nearest(
      indices(blockChoices.filterRatio.length).map((index) => filtersOf(block, index, width)),
      row.filters,
    ),
    layerDelta: nearest(
      indices(blockChoices.layerDelta.length).map((index) => layersOf(block, index)),
      row.repeats,
    ),
  }
}

function operationOf(row: Block): Operation {
  switch (row.op) {
    case 'conv':
      return 'conv'
    case 'separable':
      return 'separable'
    case 'mbconv':
      return (row.expansion ?? 1) === 1 ? 'separable' : (row.expansion ?? 1) < 5 ? 'mbconv3' : 'mbconv6'
    default:
      throw row.op satisfies never
  }
}

/** Index of the value nearest to the wanted one, the first among equals. */
function nearest(values: readonly number[], wanted: number): number {
  let best = 0
  for (let index = 1; index < values.length; index++) {
    if (Math.abs(values[index]! - wanted) < Math.abs(values[best]! - wanted)) best = index
  }
  return best
}

/** What the decoded genome has that the architecture has not, one line a field: `blocks[4].filters: 112 became 120`. */
export function differencesOf(wanted: Architecture, decoded: Architecture): readonly string[] {
  const differences: string[] = []
  const compare = (field: string, from: unknown, to: unknown) => {
    if (from !== to) differences.push(`${field}: ${String(from ?? 'none')} became ${String(to ?? 'none')}`)
  }
  compare('input.size', wanted.input.size, decoded.input.size)
  compare('padding', wanted.padding, decoded.padding)
  compare('activation', wanted.activation, decoded.activation)
  compare('batchNormEpsilon', wanted.batchNormEpsilon, decoded.batchNormEpsilon)
  for (const field of ['filters', 'kernel', 'stride'] as const) compare(`stem.${field}`, wanted.stem[field], decoded.stem[field])
  compare('blocks', wanted.blocks.length, decoded.blocks.length)
  compareRows(wanted, decoded, compare)
  compare('head.filters', wanted.head.filters, decoded.head.filters)
  compare('task', JSON.stringify(wanted.task), JSON.stringify(decoded.task))
  return differences
}

const rowFields = [
  ...(['op', 'repeats', 'kernel', 'stride', 'expansion', 'expansionConvolution'] as const),
  ...(['filters', 'squeezeExcite', 'skip'] as const),
]

function compareRows(
  wanted: Architecture,
  decoded: Architecture,
  compare: (field: string, from: unknown, to: unknown) => void,
): void {
  let wantedInput = wanted.stem.filters
  let decodedInput = decoded.stem.filters
  decoded.blocks.forEach((row, index) => {
    const original = wanted.blocks[index]
    if (!original) return
    const from = { ...original, skip: effectiveSkip(original, wantedInput) }
    const to = { ...row, skip: effectiveSkip(row, decodedInput) }
    for (const field of rowFields) {
      compare(`blocks[${index}].${field}`, from[field], to[field])
    }
    wantedInput = original.filters
    decodedInput = row.filters
  })
}
