export { averagePoolCorrection } from './average-pool-correction.js'
export { bindObjective } from './bind-objective.js'
export { costsOf, macsOf } from './costs.js'
export { graphErrors } from './errors.js'
export { gradientPath, openInputs } from './gradient-path.js'
export { GraphBuilder, type NodeDescription } from './graph-builder.js'
export { graphHash } from './graph-hash.js'
export { elementCount, inferSpec } from './infer-spec.js'
export { initializeWeights } from './initialize-weights.js'
export { type Affine, batchNormAffine, foldBatchNorm } from './layers/fold-batch-norm.js'
export { graphLayers } from './layers/graph-layers.js'
export {
  type Activation,
  isLayerOf,
  type Layer,
  type LayerGraph,
  type LayerOf,
  type LayerParameters,
  type Numbers,
} from './layers/layer.js'
export { mergeLayers } from './layers/merge-layers.js'
export { lower, lowerBackbone } from './lower.js'
export { rowGraph, stemGraph, tailGraph } from './lower-parts.js'
export { type OptimizerSlot, optimizerSlots } from './optimizer-slots.js'
export { paddingOf } from './padding.js'
export { type PaddingScheme, paddingScheme } from './padding-scheme.js'
export { parametersOf } from './parameters.js'
export {
  type ArchitectureReport,
  type ReportedRow,
  reportArchitecture,
} from './report-architecture.js'
export { withOutputs } from './with-outputs.js'
