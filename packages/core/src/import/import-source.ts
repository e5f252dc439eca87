import type { Architecture, Block } from '../architecture/index.js'
import { efficientnetLiteName } from './names/efficientnet-lite-names.js'
import { timmName } from './names/timm-names.js'
import { torchvisionName } from './names/torchvision-names.js'

export const importSources = ['timm', 'torchvision', 'efficientnet-lite-pytorch'] as const
export type ImportSource = (typeof importSources)[number]

/**
 * Our name of a tensor, or undefined for one that has none.
 * @param has whether the file holds a tensor of that name: what a number in a name means depends on its neighbours
 */
export type NameMap = (name: string, has: (name: string) => boolean) => string | undefined

export const nameMaps: Readonly<Record<ImportSource, NameMap>> = {
  timm: timmName,
  torchvision: torchvisionName,
  'efficientnet-lite-pytorch': efficientnetLiteName,
}

/**
 * A published network as a library builds it. They follow the authors' tables but for one row: timm's small network adds the input of its
 * first row, 8 filters of 8, where the authors' code sees 16 declared ones and does not.
 */
export function asBuiltBy(from: ImportSource, architecture: Architecture): Architecture {
  if (from !== 'timm' || !/^mnasnet-small(@|-variant|$)/.test(architecture.name)) return architecture
  const blocks = architecture.blocks.map((block, row): Block => (row === 0 ? { ...block, skip: 'identity' } : block))
  return { ...architecture, blocks }
}

/** PyTorch counts the batches that its statistics and the weights that its averages have seen, in 64 bits; nothing depends on it. */
export const isCounter = (name: string): boolean => /(?:^|\.)(?:num_batches_tracked|n_averaged)$/.test(name)
