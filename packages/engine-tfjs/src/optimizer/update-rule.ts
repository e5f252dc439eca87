import type { Optimizer } from '@mnas/core/contracts'
import type { TensorFlow, TfTensor } from '../tensorflow/tensorflow.js'
import { rmsprop } from './rmsprop.js'
import { sgd } from './sgd.js'

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
  /** What it remembers per weight, and with which value it starts. */
  readonly slots: readonly { readonly name: string; readonly initial: number }[]
  update(site: UpdateSite): { readonly weights: TfTensor; readonly slots: readonly TfTensor[] }
}

export function updateRule(optimizer: Optimizer): UpdateRule {
  switch (optimizer.kind) {
    case 'sgd':
      return sgd(optimizer)
    case 'rmsprop':
      return rmsprop(optimizer)
    default:
      return optimizer satisfies never
  }
}
