export { bindObjective } from './bind-objective.js'
export { bytesOf, costsOf, macsOf, peakMemoryBytes } from './costs/costs-of.js'
export {
  type ArchitectureReport,
  type ReportedRow,
  reportArchitecture,
} from './costs/report-architecture.js'
export { rowInWords } from './costs/row-in-words.js'
export { graphErrors } from './errors.js'
export { fileTensors } from './file-tensors.js'
export { GraphBuilder, type NodeDescription } from './graph-builder.js'
export { graphHash } from './graph-hash.js'
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
export { type LayerPlace, type LayerStyle, LayerWriter } from './lowering/layer-writer.js'
export { lower, lowerBackbone } from './lowering/lower.js'
export { rowGraph, stemGraph, type TappedTail, tailGraph, tappedRowGraph, tappedTailGraph } from './lowering/lower-parts.js'
export { type Tap, taps } from './lowering/taps.js'
export { type Normalization, type NormalizedGraph, renormalize, takesPixels, withNormalization } from './normalization.js'
export { averagePoolCorrection } from './ops/average-pool-correction.js'
export { elementCount, inferSpec } from './ops/infer-spec.js'
export { exportableOps, type InferenceOp, type MacKind, type OpFacts, opFacts, ops } from './ops/op-facts.js'
export { paddingOf } from './ops/padding.js'
export { type PaddingScheme, paddingScheme } from './ops/padding-scheme.js'
export { initializeWeights } from './parameters/initialize-weights.js'
export { nodeParameters, parametersOf } from './parameters/parameters-of.js'
export { inputChannels, type Specs, specsOf } from './specs-of.js'
export { gradientPath, openInputs } from './step/gradient-path.js'
export { randomInputsOf } from './step/random-inputs-of.js'
export { noGradient, trainingPath } from './step/training-path.js'
export type { Algebra, OptimizerSlot, UpdateRule, UpdateSite } from './step/update-rule.js'
export { updateRuleOf } from './step/update-rule-of.js'
export { type Structure, structureHash } from './structure-hash.js'
export { withOutputs } from './with-outputs.js'
