export { weightsErrors } from './errors.js'
export {
  parseSafetensors,
  readSafetensors,
  readSafetensorsMetadata,
  type Safetensors,
  serializeSafetensors,
  writeSafetensors,
} from './safetensors.js'
export { maxFileBytes, maxHeaderBytes, maxRank, maxTensors, type ReadOptions } from './safetensors-header.js'
export { typedArrays } from './typed-arrays.js'
