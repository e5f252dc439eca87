import { rowOf } from '@mnas/core/algebra'

/** How n numbers vary together, while rows of them come in. */
export class Covariance {
  readonly #sums: Float64Array
  readonly #products: Float64Array
  #rows = 0

  constructor(n: number) {
    this.#sums = new Float64Array(n)
    this.#products = new Float64Array(rowOf(n))
  }

  get rows(): number {
    return this.#rows
  }

  add(row: Float64Array): void {
    const [sums, products] = [this.#sums, this.#products]
    for (let i = 0; i < row.length; i++) {
      const value = row[i]!
      // What a ReLU gives is 0 half of the time.
      if (value === 0) continue
      sums[i]! += value
      const start = rowOf(i)
      for (let j = 0; j <= i; j++) products[start + j]! += value * row[j]!
    }
    this.#rows++
  }

  /** E[x xᵀ] − E[x] E[x]ᵀ, a lower triangle. */
  result(): Float64Array {
    const [sums, rows] = [this.#sums, this.#rows]
    const covariance = this.#products.map((sum) => sum / rows)
    for (let i = 0; i < sums.length; i++)
      for (let j = 0; j <= i; j++) covariance[rowOf(i) + j]! -= (sums[i]! / rows) * (sums[j]! / rows)
    return covariance
  }
}
