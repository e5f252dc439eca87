import type { OptimizerSlot } from '@mnas/core/graph'
import type { TensorFlow, TfTensor } from '../tensorflow/tensorflow.js'

/** What one step needs of a parameter. All tensors have its shape. */
export interface UpdateSite {
  readonly tf: TensorFlow
  readonly weights: TfTensor
  /** Of the loss with its L2 penalty. */
  readonly gradient: TfTensor
  readonly slots: readonly TfTensor[]
  readonly learningRate: number
}

/** How an optimizer changes weights. */
export interface UpdateRule {
  /** What it remembers per weight. */
  readonly slots: readonly OptimizerSlot[]
  update(site: UpdateSite): { readonly weights: TfTensor; readonly slots: readonly TfTensor[] }
}
