import type { OnnxTensor } from '../onnx/tensor.js'

/** factor · tensor, the factor still to be multiplied in: with those of many others at once. */
export interface Scaled {
  readonly tensor: OnnxTensor
  readonly factor: number
}
