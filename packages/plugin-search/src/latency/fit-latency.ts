import { leaveOneOut } from './leave-one-out.js'
import { nonNegativeRidge, normalEquations } from './non-negative-ridge.js'

/** A ridge this small only decides between features that the measured networks cannot tell apart. */
const lambda = 1e-3

/** A network as it was measured. */
export interface LatencySample {
  /** In the order of featureNames. */
  readonly features: readonly number[]
  readonly latencyMs: number
}

/** A latency that is linear in features. */
export interface LatencyFit {
  /** Milliseconds for one of each feature. */
  readonly coefficients: readonly number[]
}

/** A fit, and what it would say of each of its networks had it not seen it. */
export interface FittedLatency extends LatencyFit {
  /** Milliseconds, in the order of the samples. */
  readonly leftOut: readonly number[]
}

/**
 * Fits relative errors: each row is divided by its own latency, so that every target is 1, and each column by its mean, so that
 * one ridge fits all. The same samples in the same order give the same bits.
 */
export function fitLatency(samples: readonly LatencySample[]): FittedLatency {
  const columns = samples[0]?.features.length ?? 0
  const scales = Array.from({ length: columns }, (_, j) => Math.max(1, mean(samples.map(({ features }) => features[j]!))))
  const typicalMs = Math.max(Number.MIN_VALUE, mean(samples.map(({ latencyMs }) => latencyMs)))
  const rows = samples.map(({ features, latencyMs }) =>
    features.map((value, j) => (value / scales[j]!) * (typicalMs / latencyMs)),
  )
  const targets = rows.map(() => 1)
  const equations = normalEquations(rows, targets, lambda)
  const scaled = nonNegativeRidge(equations)
  const leftOut = leaveOneOut(equations, rows, targets, scaled).map((share, i) => share * samples[i]!.latencyMs)
  return { coefficients: scaled.map((value, j) => (value * typicalMs) / scales[j]!), leftOut }
}

/** Milliseconds. */
export function predictLatency({ coefficients }: LatencyFit, features: readonly number[]): number {
  return features.reduce((sum, value, j) => sum + value * coefficients[j]!, 0)
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}
