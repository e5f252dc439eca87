import type { OptimizerSlot } from '@mnas/core/graph'
import type { Emitter } from '../onnx/emitter.js'
import type { OnnxTensor } from '../onnx/tensor.js'

/** What one step needs of a group of parameters laid end to end: all tensors [size], learningRate [1]. */
export interface UpdateSite {
  readonly g: Emitter
  readonly weights: OnnxTensor
  /** Of the loss with its L2 penalty. */
  readonly gradient: OnnxTensor
  readonly slots: readonly OnnxTensor[]
  readonly learningRate: OnnxTensor
}

/** How an optimizer changes weights. */
export interface UpdateRule {
  /** What it remembers per weight. */
  readonly slots: readonly OptimizerSlot[]
  update(site: UpdateSite): { readonly weights: OnnxTensor; readonly slots: readonly OnnxTensor[] }
}
