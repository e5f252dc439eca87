import type { Graph, Latency, LatencyModel } from '@mnas/core/contracts'
import { featureNames, graphFeatures } from './graph-features.js'
import { nonNegativeRidge } from './non-negative-ridge.js'

/** A ridge this small only decides between features that the calibration networks cannot tell apart. */
const lambda = 1e-3
/** Measurements differ by this much between two runs; no estimate is better. */
const leastRelativeError = 0.1
const mostRelativeError = 0.6
/** Below so many networks the residuals say nothing. */
const fewestForResiduals = 4

/** In the order of featureNames. */
type Features = readonly number[]
const featuresOf = (graph: Graph): Features => {
  const features = graphFeatures(graph)
  return featureNames.map((name) => features[name])
}

interface Sample {
  readonly features: Features
  readonly latencyMs: number
}
interface Fit {
  readonly scales: readonly number[]
  readonly coefficients: readonly number[]
}

/**
 * A latency estimate that is linear in the work of each kind of operator, calibrated on measured networks with relative
 * residuals. Its relativeError is the worst overestimate when each calibration network is left out in turn.
 */
export function operatorLatencyModel(): LatencyModel {
  let fitted: Fit | null = null
  let relativeError = mostRelativeError
  const predictSum = (features: Features): Latency => {
    const latencyMs = fitted ? predictFeatures(fitted, features) : Number.NaN
    return { latencyMs, source: 'estimated', relativeError }
  }
  return {
    fit(measured) {
      const samples = measured.map(({ graph, latencyMs }) => ({ features: featuresOf(graph), latencyMs }))
      fitted = fitSamples(samples)
      relativeError = leaveOneOutError(samples)
    },
    predict: (graph) => predictSum(featuresOf(graph)),
    additive: { features: featuresOf, predictSum },
  }
}

/**
 * Each row is divided by its own latency, so that the fit minimises relative errors; each column by its mean, so that one ridge
 * fits all.
 */
function fitSamples(samples: readonly Sample[]): Fit {
  const scales = featureNames.map((_, j) => Math.max(1, mean(samples.map(({ features }) => features[j]!))))
  const rows = samples.map(({ features, latencyMs }) => features.map((value, j) => value / scales[j]! / latencyMs))
  const typical = Math.max(Number.MIN_VALUE, mean(samples.map(({ latencyMs }) => latencyMs)))
  const scaled = rows.map((row) => row.map((value) => value * typical))
  const coefficients = nonNegativeRidge(
    scaled,
    samples.map(() => 1),
    lambda,
  ).map((value) => value * typical)
  return { scales, coefficients }
}

function predictFeatures({ scales, coefficients }: Fit, features: Features): number {
  return features.reduce((sum, value, j) => sum + (value / scales[j]!) * coefficients[j]!, 0)
}

function leaveOneOutError(samples: readonly Sample[]): number {
  if (samples.length < fewestForResiduals) return mostRelativeError
  const overestimates = samples.map((left, index) => {
    const predicted = predictFeatures(fitSamples(samples.filter((_, other) => other !== index)), left.features)
    return predicted > 0 ? (predicted - left.latencyMs) / predicted : 0
  })
  return Math.min(mostRelativeError, Math.max(leastRelativeError, ...overestimates))
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}
