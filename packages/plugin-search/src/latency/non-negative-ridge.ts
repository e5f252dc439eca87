/**
 * Least squares with non-negative coefficients and a ridge:
 *
 *   minimise  Σᵢ (xᵢ·c − yᵢ)² + λ Σⱼ cⱼ²   subject to c ≥ 0
 *
 * by cyclic coordinate descent, which converges because the objective is strictly convex for λ > 0:
 *
 *   cⱼ ← max(0, Σᵢ xᵢⱼ (yᵢ − xᵢ·c + xᵢⱼ cⱼ) / (Σᵢ xᵢⱼ² + λ))
 */
export function nonNegativeRidge(
  rows: readonly (readonly number[])[],
  targets: readonly number[],
  lambda: number,
): readonly number[] {
  const columns = rows[0]?.length ?? 0
  const coefficients = new Array<number>(columns).fill(0)
  const residuals = [...targets]
  for (let sweep = 0; sweep < maxSweeps; sweep++) {
    let change = 0
    for (let j = 0; j < columns; j++) change = Math.max(change, updateCoordinate(rows, residuals, coefficients, j, lambda))
    if (change < tolerance) break
  }
  return coefficients
}

const maxSweeps = 20_000
const tolerance = 1e-9

/** Moves one coefficient to its optimum and keeps the residuals in step. @returns how far it moved */
function updateCoordinate(
  rows: readonly (readonly number[])[],
  residuals: number[],
  coefficients: number[],
  j: number,
  lambda: number,
): number {
  let correlation = 0
  let square = lambda
  rows.forEach((row, i) => {
    correlation += row[j]! * (residuals[i]! + row[j]! * coefficients[j]!)
    square += row[j]! * row[j]!
  })
  const next = Math.max(0, correlation / square)
  const step = next - coefficients[j]!
  if (step === 0) return 0
  rows.forEach((row, i) => {
    residuals[i]! -= row[j]! * step
  })
  coefficients[j] = next
  return Math.abs(step)
}
