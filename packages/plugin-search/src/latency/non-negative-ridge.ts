import { factorise, rowOf, solveRow, solveTransposed } from '@mnas/core/algebra'

/** What a ridge needs of its rows: XᵀX + λI, and Xᵀy. */
export interface NormalEquations {
  readonly gram: readonly Float64Array[]
  readonly moments: Float64Array
}

export function normalEquations(
  rows: readonly (readonly number[])[],
  targets: readonly number[],
  lambda: number,
): NormalEquations {
  const columns = rows[0]?.length ?? 0
  const gram = Array.from({ length: columns }, (_, j) => {
    const line = new Float64Array(columns)
    line[j] = lambda
    return line
  })
  const equations = { gram, moments: new Float64Array(columns) }
  rows.forEach((row, i) => void addRow(equations, row, targets[i]!, 1))
  return equations
}

/** Those without one of their rows. */
export function withoutRow({ gram, moments }: NormalEquations, row: readonly number[], target: number): NormalEquations {
  const without = { gram: gram.map((line) => line.slice()), moments: moments.slice() }
  addRow(without, row, target, -1)
  return without
}

function addRow({ gram, moments }: NormalEquations, row: readonly number[], target: number, sign: 1 | -1): void {
  for (let j = 0; j < row.length; j++) {
    moments[j]! += sign * row[j]! * target
    for (let k = 0; k < row.length; k++) gram[j]![k]! += sign * row[j]! * row[k]!
  }
}

/** More rounds than that only rounding takes. */
const mostRounds = 100
const tolerance = 1e-10

/**
 * Least squares with non-negative coefficients and a ridge:
 *
 *   minimise  Σᵢ (xᵢ·c − yᵢ)² + λ Σⱼ cⱼ²   subject to c ≥ 0
 *
 * exactly, by active sets (Lawson and Hanson, Solving Least Squares Problems, 1974, chapter 23): the coefficient that would grow
 * fastest is set free; those that the solution among the free ones makes negative return to 0.
 */
export function nonNegativeRidge(equations: NormalEquations): readonly number[] {
  const { moments } = equations
  const coefficients = new Array<number>(moments.length).fill(0)
  const free: number[] = []
  const growth = (j: number) => growthOf(equations, coefficients, j)
  const least = leastGrowth(equations)
  for (let round = 0; round < mostRounds; round++) {
    const bound = coefficients.map((_, j) => j).filter((j) => !free.includes(j))
    const next = bound.reduce((best, j) => (best < 0 || growth(j) > growth(best) ? j : best), -1)
    if (next < 0 || growth(next) <= least) break
    free.push(next)
    settle(equations, coefficients, free)
  }
  return coefficients
}

/** Whether these coefficients, with the gradient 0 in those above 0, are what `nonNegativeRidge` would find. */
export function isSolution(equations: NormalEquations, coefficients: readonly number[]): boolean {
  const least = leastGrowth(equations)
  return coefficients.every((value, j) => value > 0 || (value === 0 && growthOf(equations, coefficients, j) <= least))
}

/** Half of how fast the objective falls as coefficient j grows. */
function growthOf({ gram, moments }: NormalEquations, coefficients: readonly number[], j: number): number {
  let growth = moments[j]!
  for (let k = 0; k < coefficients.length; k++) growth -= gram[j]![k]! * coefficients[k]!
  return growth
}

/** Of a coefficient that is set free. */
const leastGrowth = ({ moments }: NormalEquations): number => tolerance * Math.max(0, ...moments)

/** Moves towards the solution among the free coefficients; what meets 0 on the way is bound again. */
function settle(equations: NormalEquations, coefficients: number[], free: number[]): void {
  while (free.length > 0) {
    const solution = solveAmong(equations, free)
    let step = 1
    free.forEach((j, index) => {
      const now = coefficients[j]!
      if (solution[index]! <= 0) step = Math.min(step, now === 0 ? 0 : now / (now - solution[index]!))
    })
    free.forEach((j, index) => {
      coefficients[j]! += step * (solution[index]! - coefficients[j]!)
    })
    if (step === 1) return
    for (let index = free.length - 1; index >= 0; index--) {
      const j = free[index]!
      if (solution[index]! > 0 || coefficients[j]! > tolerance) continue
      coefficients[j] = 0
      free.splice(index, 1)
    }
  }
}

function solveAmong(equations: NormalEquations, free: readonly number[]): Float64Array {
  const n = free.length
  const matrix = packed(equations, free)
  const solution = Float64Array.from(free, (j) => equations.moments[j]!)
  factorise(matrix, n)
  solveRow(matrix, solution, n)
  solveTransposed(matrix, solution, n)
  return solution
}

/** The lower triangle of XᵀX + λI among some of the coefficients. */
export function packed({ gram }: NormalEquations, among: readonly number[]): Float64Array {
  const matrix = new Float64Array(rowOf(among.length))
  for (let i = 0; i < among.length; i++) for (let j = 0; j <= i; j++) matrix[rowOf(i) + j] = gram[among[i]!]![among[j]!]!
  return matrix
}
