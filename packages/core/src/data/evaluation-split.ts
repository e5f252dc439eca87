import type { ModelBundle } from '../bundle/index.js'
import type { Dataset, Split } from '../contracts/index.js'

/** The split by which a model is judged that `bundle` describes; whether it was trained on this data its fingerprint says, never the path. */
export function evaluationSplit(dataset: Dataset, bundle: Pick<ModelBundle, 'provenance'> | null | undefined): Split {
  const { fingerprint } = (bundle?.provenance['data'] ?? {}) as { readonly fingerprint?: unknown }
  return dataset.evaluationSplit?.(fingerprint === dataset.fingerprint) ?? 'validation'
}

/** Splits in words, for people. */
export const splitNames = {
  train: 'training images',
  heldOut: 'held-out images',
  validation: 'validation images',
  test: 'test images',
  all: 'images, all there are',
} as const satisfies Readonly<Record<Split, string>>
