export { type ForeignWeights, fitWeights, nameByTable, renameTensors } from './convert-weights.js'
export { detectArchitecture } from './detect-architecture.js'
export { importErrors } from './errors.js'
export { type ImportRequest, importModel } from './import-model.js'
export {
  asBuiltBy,
  type ImportSource,
  imagenetPreprocessing,
  importSources,
  isCounter,
  type NameMap,
  nameMaps,
  pytorchStyle,
} from './import-source.js'
export { type UnwrappedTensors, unwrapNames } from './names/unwrap-names.js'
export { readLabels } from './read-labels.js'
