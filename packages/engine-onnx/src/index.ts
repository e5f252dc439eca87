export { onnxEngine, onnxEngine as default } from './engine.js'
export { engineOnnxErrors } from './errors.js'
