/** Lower triangles of symmetric matrices, row by row: entry (i, j), j ≤ i, stands at rowOf(i) + j. */
export const rowOf = (i: number): number => (i * (i + 1)) / 2

/** What a pivot is at least: rounding may take it below 0. */
const leastPivot = 1e-12

/**
 * L of a positive definite matrix A = L Lᵀ, in the place of its lower triangle.
 * @param matrix n (n + 1) / 2 values, overwritten
 * @returns Σ ln Lᵢᵢ, half the logarithm of the determinant
 */
export function factorise(matrix: Float64Array, n: number): number {
  let logDiagonal = 0
  for (let i = 0; i < n; i++) {
    const row = matrix.subarray(rowOf(i), rowOf(i + 1))
    solveRow(matrix, row, i)
    row[i] = Math.sqrt(Math.max(leastPivot, row[i]! - squaredNorm(row, i)))
    logDiagonal += Math.log(row[i]!)
  }
  return logDiagonal
}

/** The first n of x become the solution of L x = b, b being what they were. */
export function solveRow(factor: Float64Array, x: Float64Array, n: number): void {
  for (let j = 0; j < n; j++) {
    const row = rowOf(j)
    let sum = x[j]!
    for (let k = 0; k < j; k++) sum -= factor[row + k]! * x[k]!
    x[j] = sum / factor[row + j]!
  }
}

/** The first n of x become the solution of Lᵀ x = b, b being what they were. */
export function solveTransposed(factor: Float64Array, x: Float64Array, n: number): void {
  for (let i = n - 1; i >= 0; i--) {
    const row = rowOf(i)
    x[i]! /= factor[row + i]!
    for (let j = 0; j < i; j++) x[j]! -= factor[row + j]! * x[i]!
  }
}

/** Of the first n. */
export function squaredNorm(x: Float64Array, n: number): number {
  let sum = 0
  for (let j = 0; j < n; j++) sum += x[j]! * x[j]!
  return sum
}
