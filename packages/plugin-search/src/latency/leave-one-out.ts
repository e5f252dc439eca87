import { factorise, solveRow, solveTransposed } from '@mnas/core/algebra'
import { isSolution, type NormalEquations, nonNegativeRidge, packed, withoutRow } from './non-negative-ridge.js'

/**
 * What each row would be predicted as by the non-negative ridge of all the others. Where no coefficient comes to 0 or leaves it, the
 * solution c of all tells it without solving anew (Sherman and Morrison): with A = XᵀX + λI of the coefficients above 0,
 *
 *   d = A⁻¹xᵢ    r = (yᵢ − xᵢ·c) / (1 − xᵢ·d)    c without i = c − r d    prediction = yᵢ − r
 *
 * @param solution of the equations of all rows
 */
export function leaveOneOut(
  equations: NormalEquations,
  rows: readonly (readonly number[])[],
  targets: readonly number[],
  solution: readonly number[],
): readonly number[] {
  const free = solution.flatMap((value, j) => (value > 0 ? [j] : []))
  const factor = packed(equations, free)
  factorise(factor, free.length)
  return rows.map((row, i) => {
    const direction = Float64Array.from(free, (j) => row[j]!)
    solveRow(factor, direction, free.length)
    solveTransposed(factor, direction, free.length)
    const leverage = free.reduce((sum, j, index) => sum + row[j]! * direction[index]!, 0)
    const residual = (targets[i]! - dot(row, solution)) / (1 - leverage)
    const coefficients = solution.slice()
    free.forEach((j, index) => {
      coefficients[j]! -= residual * direction[index]!
    })
    const others = withoutRow(equations, row, targets[i]!)
    return isSolution(others, coefficients) ? targets[i]! - residual : dot(row, nonNegativeRidge(others))
  })
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!
  return sum
}
