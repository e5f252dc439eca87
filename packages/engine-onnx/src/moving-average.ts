import type { Emitter } from './onnx/emitter.js'
import type { OnnxTensor } from './onnx/tensor.js'

/** average ← decay·average + (1 − decay)·weights, after the weights have changed; decay [1]. */
export function movingAverage(g: Emitter, average: OnnxTensor, weights: OnnxTensor, decay: OnnxTensor): OnnxTensor {
  return g.add(g.multiply(average, decay), g.multiply(weights, g.subtractFrom(1, decay)))
}
