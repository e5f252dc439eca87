import type { Graph, Latency, LatencyModel } from '@mnas/core/contracts'
import { type FittedLatency, fitLatency, type LatencySample, predictLatency } from './fit-latency.js'
import { featureNames, graphFeatures } from './graph-features.js'
import { type LatencyAccuracy, latencyAccuracy } from './latency-accuracy.js'

/** A model that was fitted once and stays as it is. */
export interface FittedLatencyModel extends Pick<LatencyModel, 'predict'> {
  readonly additive: NonNullable<LatencyModel['additive']>
  /** Of predictions with each network left out in turn. */
  readonly accuracy: LatencyAccuracy
  /** Those predictions in milliseconds, in the order of the samples. */
  readonly leftOut: readonly number[]
}

/** In the order of featureNames. */
export function featuresOf(graph: Graph): readonly number[] {
  const features = graphFeatures(graph)
  return featureNames.map((name) => features[name])
}

/**
 * A latency estimate that is linear in the work of each kind of operator, fitted to measured networks with relative residuals.
 * Its relativeError is what nine of ten networks keep when each is left out in turn.
 */
export function fitLatencyModel(samples: readonly LatencySample[]): FittedLatencyModel {
  const fitted = fitLatency(samples)
  const accuracy = accuracyOf(fitted, samples)
  const predictSum = (features: readonly number[]): Latency => ({
    latencyMs: predictLatency(fitted, features),
    source: 'estimated',
    relativeError: accuracy.margin,
  })
  const { leftOut } = fitted
  return { predict: (graph) => predictSum(featuresOf(graph)), additive: { features: featuresOf, predictSum }, accuracy, leftOut }
}

function accuracyOf({ leftOut }: FittedLatency, samples: readonly LatencySample[]): LatencyAccuracy {
  return latencyAccuracy(samples.map(({ latencyMs }, i) => ({ predictedMs: leftOut[i]!, measuredMs: latencyMs })))
}

/** The same as a model that is fitted again and again; before the first time it knows nothing. */
export function operatorLatencyModel(): LatencyModel {
  let fitted: FittedLatencyModel | null = null
  const unknown: Latency = { latencyMs: Number.NaN, source: 'estimated', relativeError: latencyAccuracy([]).margin }
  const predictSum = (features: readonly number[]): Latency => fitted?.additive.predictSum(features) ?? unknown
  return {
    fit(measured) {
      fitted = fitLatencyModel(measured.map(({ graph, latencyMs }) => ({ features: featuresOf(graph), latencyMs })))
    },
    predict: (graph) => predictSum(featuresOf(graph)),
    additive: { features: featuresOf, predictSum },
  }
}
