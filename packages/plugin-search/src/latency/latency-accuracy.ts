import { quantileOf } from './quantile-of.js'

/** How far predictions are from measurements. */
export interface LatencyAccuracy {
  /** Networks that were compared. */
  readonly networks: number
  /** Mean of |predicted / measured − 1|. */
  readonly meanError: number
  /** The largest of them. */
  readonly worstError: number
  /**
   * Share of a prediction by which the truth may be less (or more): what nine of ten such networks keep, and 2 % besides. The
   * relativeError of estimates.
   */
  readonly margin: number
}

/** A network's latency as it was predicted by what had not seen it, and as it was measured; in milliseconds. */
export interface Comparison {
  readonly predictedMs: number
  readonly measuredMs: number
}

const within = 0.9
/** Two measurements of one network differ by some percent, too. */
const besides = 0.02
const mostMargin = 0.6
/** Fewer say nothing. */
const fewest = 4

export function latencyAccuracy(comparisons: readonly Comparison[]): LatencyAccuracy {
  const networks = comparisons.length
  const errors = comparisons.map((one) => Math.abs(errorOf(one)))
  const meanError = networks === 0 ? 0 : errors.reduce((sum, error) => sum + error, 0) / networks
  return { networks, meanError, worstError: Math.max(0, ...errors), margin: marginOf(comparisons) }
}

/** More than 0: predicted too slow. */
export const errorOf = ({ predictedMs, measuredMs }: Comparison): number => predictedMs / measuredMs - 1

/** Whether the truth lies further below the prediction than a margin says: such a network may be dropped unmeasured. */
export const isBeyond = ({ predictedMs, measuredMs }: Comparison, margin: number): boolean =>
  measuredMs < predictedMs * (1 - margin)

function marginOf(comparisons: readonly Comparison[]): number {
  if (comparisons.length < fewest) return mostMargin
  const shares = comparisons.map(({ predictedMs, measuredMs }) =>
    predictedMs > 0 ? Math.abs(predictedMs - measuredMs) / predictedMs : 0,
  )
  return Math.min(mostMargin, quantileOf(shares, within) + besides)
}
