import type { Tensors } from '../../contracts/index.js'
import type { ImportSource } from '../import-source.js'

/** Weights without what wrappers had put into their names. */
export interface UnwrappedTensors {
  readonly tensors: Tensors
  /** What was taken away, e.g. `module.`, `_orig_mod.`, `model.`; empty where nothing was. */
  readonly dropped: readonly string[]
}

/** The first layer, by which the model is found inside whatever holds it. */
const stems: Readonly<Record<ImportSource, readonly string[]>> = {
  timm: ['conv_stem.weight'],
  torchvision: ['layers.0.weight', 'features.0.0.weight'],
  'efficientnet-lite-pytorch': ['_conv_stem.weight'],
}

/** torch.compile puts it before the names of any module that it compiled, inside a model too. */
const compiled = /(?<=^|\.)_orig_mod\./g

/**
 * Takes away what a wrapper (DistributedDataParallel, torch.compile, an average of weights, a training framework's own module) puts before
 * every name of the model that it holds. Tensors outside of that model keep their names.
 */
export function unwrapNames(tensors: Tensors, from: ImportSource): UnwrappedTensors {
  const plain = Object.keys(tensors).map((name) => name.replace(compiled, ''))
  const prefix = prefixOf(plain, stems[from])
  const names = plain.map((name) => (name.startsWith(prefix) ? name.slice(prefix.length) : name))
  // Two tensors of one name: nothing is taken away, so that the error shows what stands in the file.
  if (new Set(names).size < names.length) return { tensors, dropped: [] }
  const wasCompiled = plain.some((name) => !Object.hasOwn(tensors, name))
  return {
    tensors: Object.fromEntries(Object.values(tensors).map((tensor, at) => [names[at]!, tensor])),
    dropped: [...(wasCompiled ? ['_orig_mod.'] : []), ...(prefix === '' ? [] : [prefix])],
  }
}

/** What stands before the stem: the shortest, since parts of the model may have names that end like it. */
function prefixOf(names: readonly string[], stemNames: readonly string[]): string {
  const prefixes = names.flatMap((name) =>
    stemNames.filter((stem) => name === stem || name.endsWith(`.${stem}`)).map((stem) => name.slice(0, -stem.length)),
  )
  return prefixes.reduce((shortest, prefix) => (prefix.length < shortest.length ? prefix : shortest), prefixes[0] ?? '')
}
