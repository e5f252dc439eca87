import type { Dataset, JsonObject, Split } from '../contracts/index.js'

/**
 * The split by which a model is judged. Whether it was trained on this data the fingerprint in its provenance says, never the path.
 * @param provenance of its bundle; null for a model without one
 */
export function evaluationSplit(dataset: Dataset, provenance: JsonObject | null): Split {
  const { fingerprint } = (provenance?.['data'] ?? {}) as { readonly fingerprint?: unknown }
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
