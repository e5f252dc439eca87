import { type Random, uniform } from '@mnas/images/random'

/** The rows of a batch, changed in place: examples lie one behind the other in each array. */
export interface MixedRows {
  readonly image: Float32Array
  readonly labels: Float32Array
  readonly weight: Float32Array
}

/**
 * Mixup (Zhang et al. 2018): each example becomes λ · itself + (1 − λ) · the one that mirrors its place in the batch, labels and weight alike.
 * @param rows examples in the batch
 */
export function mixRows(arrays: MixedRows, rows: number, share: number): void {
  for (const array of [arrays.image, arrays.labels, arrays.weight]) {
    const length = array.length / rows
    for (let row = 0; row < rows >> 1; row++) {
      const [one, other] = [row * length, (rows - 1 - row) * length]
      for (let i = 0; i < length; i++) {
        const [a, b] = [array[one + i]!, array[other + i]!]
        array[one + i] = share * a + (1 - share) * b
        array[other + i] = share * b + (1 - share) * a
      }
    }
  }
}

/** λ ~ Beta(α, α), by Jöhnk's method, which needs α ≤ 1. */
export function mixingShare(alpha: number, random: Random): number {
  while (true) {
    const x = uniform(random, 0, 1) ** (1 / alpha)
    const y = uniform(random, 0, 1) ** (1 / alpha)
    if (x + y > 0 && x + y <= 1) return x / (x + y)
  }
}
