import classification from '@mnas/plugin-classification'
import { estimateFacts, mnasnetSpace } from '@mnas/plugin-search'
import { graphFeatures } from '../../../packages/plugin-search/dist/latency/graph-features.js'
import { percentile, randomGenomes } from './random.mjs'

/** Our space as the analytic objectives search it: width 1, 96 px, ten classes. */
export const space = mnasnetSpace.create({
  width: 1,
  inputSize: 96,
  task: { name: 'classification', options: { classes: 10, dropout: 0.2 } },
})

/**
 * Milliseconds for each unit of work of a made-up phone: a depthwise multiply-add costs five pointwise ones, a spatial one in
 * between; memory and the start of operators count too.
 */
const msPer = {
  pointwiseMacs: 1 / 8e6,
  spatialMacs: 1 / 5e6,
  depthwiseMacs: 1 / 1.6e6,
  activationBytes: 1 / 6e6,
  weightBytes: 1 / 12e6,
  operators: 0.01,
}
const featuresOf = (graph) => Object.entries(msPer).map(([name, ms]) => ms * graphFeatures(graph)[name])
const predictSum = (features) => ({
  latencyMs: features.reduce((sum, ms) => sum + ms, 0),
  source: 'measured',
  relativeError: 0,
})
const model = { fit() {}, predict: (graph) => predictSum(featuresOf(graph)), additive: { features: featuresOf, predictSum } }
const estimate = estimateFacts(space, model, classification)

/** Costs, and the latency of the made-up phone, which is exact. */
export const facts = (genome) => ({ ...estimate(space.canonical(genome)), sizeBytes: null })

/** T: the 30th percentile of the latencies of 2,000 random networks (seed 1). */
export const targetMs = percentile(
  randomGenomes(space, 2000, 1).map((genome) => facts(genome).latency.latencyMs),
  0.3,
)

export const blocks = 7
const order = ['operation', 'kernel', 'squeezeExcite', 'skip', 'filterRatio', 'layerDelta']
/** Position of a decision in a genome. @param block from 0 */
export const positionOf = (block, name) => order.length * block + order.indexOf(name)
export const decisionsOfBlock = order.length
