import type { RangeRule } from './range-rules.js'

/** One way to bring a network to a precision, as a file's facts tell it. */
export interface Recipe {
  /** Absent where values stay in float32. */
  readonly ranges?: RangeRule
  /** How far channels were evened out: 0 not at all, 1 wholly. */
  readonly equalized?: number
  readonly biasCorrected?: boolean
  /** Whether weights are rounded so that their errors cancel in what the layer computes, rather than each to the nearest level. */
  readonly compensated?: boolean
}

/** Each weight is rounded by itself, and no bias takes back what that does. */
export const unmended: Recipe = { biasCorrected: false, compensated: false }
export const corrected: Recipe = { biasCorrected: true, compensated: false }
/** Rounding with errors that cancel leaves their mean to the bias. */
export const compensated: Recipe = { biasCorrected: true, compensated: true }
