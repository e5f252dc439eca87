import type { GoldenOutput } from './golden-schema.js'
import type { Kept } from './kept-numbers.js'

/** Of a float answer, as a share of 1; of one with larger numbers, of the largest of them. */
export const tolerance = 1e-3
/** Of an 8-bit answer, in its own levels. */
export const tolerableSteps = 2
/** Two classes whose probabilities are nearer than float32 rounds may change places. */
const tie = 1e-5

/** How an output agrees with its golden answers. */
export interface Agreement {
  readonly holds: boolean
  /** Largest difference, in the unit that the tolerance is in; infinite where there are not as many numbers. */
  readonly worst: number
  readonly unit: 'probability' | 'share' | 'steps'
  /** Pictures with the same most probable class; null: it names no classes, or in levels that may tie. */
  readonly sameTop: number | null
  readonly pictures: number
}

/**
 * Golden answers of an output against those of today.
 * @param classes whether it holds the probability of each class
 */
export function compareAnswers(golden: GoldenOutput, now: readonly (Kept | undefined)[], classes: boolean): Agreement {
  const { step, values } = golden
  const unit = step !== null ? 'steps' : classes ? 'probability' : 'share'
  const size = step ?? values.flat().reduce((most, value) => Math.max(most, Math.abs(value)), 1)
  const alike =
    values.length === now.length &&
    now.every((kept, i) => kept?.length === golden.length && kept.values.length === values[i]!.length)
  if (!alike) return { holds: false, worst: Number.POSITIVE_INFINITY, unit, sameTop: null, pictures: values.length }
  const worst = values.reduce((most, expected, i) => Math.max(most, difference(expected, now[i]!.values) / size), 0)
  const sameTop = classes && step === null ? values.filter((expected, i) => sameBest(expected, now[i]!.values)).length : null
  // A difference of two floats near 1 is itself off by a rounding.
  const within = worst <= (step === null ? tolerance : tolerableSteps) * (1 + 1e-6)
  return { holds: within && (sameTop ?? values.length) === values.length, worst, unit, sameTop, pictures: values.length }
}

const difference = (expected: readonly number[], received: readonly number[]): number =>
  expected.reduce((most, value, i) => Math.max(most, Math.abs(value - received[i]!)), 0)

const sameBest = (expected: readonly number[], received: readonly number[]): boolean =>
  Math.max(...expected) - expected[received.indexOf(Math.max(...received))]! <= tie
