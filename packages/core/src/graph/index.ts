export { bindObjective } from './bind-objective.js'
export { costsOf, macsOf } from './costs.js'
export { graphErrors } from './errors.js'
export { GraphBuilder, type NodeDescription } from './graph-builder.js'
export { graphHash } from './graph-hash.js'
export { elementCount, inferSpec } from './infer-spec.js'
export { initializeWeights } from './initialize-weights.js'
export { lower, lowerBackbone } from './lower.js'
export { paddingOf } from './padding.js'
export { parametersOf } from './parameters.js'
export {
  type ArchitectureReport,
  type ReportedRow,
  reportArchitecture,
} from './report-architecture.js'
