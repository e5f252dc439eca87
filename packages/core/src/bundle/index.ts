export {
  bundleChartsFolder,
  bundleExportsFolder,
  bundleWeightsPath,
  isBundle,
  loadBundleWeights,
  readBundle,
  writeBundle,
} from './bundle-folder.js'
export { bundleLocalFolder, readDataPlace, recordDataPlace } from './data-folder.js'
export { bundleErrors } from './errors.js'
export { localModel, modelSourceContext } from './local-model.js'
export { bundleNameOf, type ModelBundle, parseBundle, preprocessingSchema } from './model-bundle.js'
export { type ResolvedModel, requireTrained, resolveModel, type TrainedModel } from './resolve-model.js'
export { parseRunFront, type RunFront, readRunFront, runFrontPath, runFrontSchema } from './run-front.js'
export { countSeen, readTrainedOn, recordTrainedOn } from './trained-on.js'
