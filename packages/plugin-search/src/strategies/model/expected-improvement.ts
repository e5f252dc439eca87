import type { Belief } from './process/gaussian-process.js'

/** So far below the incumbent nothing is expected; the difference orders what is left. */
const leastDeviations = -6
const tieBreaker = 1e-6

/**
 * E[max(0, X − incumbent)] of X ~ N(mean, sd²): sd (tΦ(t) + φ(t)) with t = (mean − incumbent) / sd; plus a millionth of the
 * difference, which breaks ties.
 */
export function expectedImprovement({ mean, sd }: Belief, incumbent: number): number {
  const t = (mean - incumbent) / sd
  const improvement = t > leastDeviations ? sd * (t * normalCumulative(t) + normalDensity(t)) : 0
  return improvement + tieBreaker * (mean - incumbent)
}

const normalDensity = (t: number) => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI)
const normalCumulative = (t: number) => 0.5 * (1 + erf(t / Math.SQRT2))

/** Abramowitz and Stegun, 7.1.26: off by at most 1.5e-7. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x))
  const polynomial = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t
  const value = 1 - polynomial * Math.exp(-x * x)
  return x < 0 ? -value : value
}
