import type { Optimizer } from '@mnas/core/contracts'
import type { Emitter } from '../onnx/emitter.js'
import type { OnnxTensor } from '../onnx/tensor.js'
import { rmsprop } from './rmsprop.js'
import { sgd } from './sgd.js'

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
  /** What it remembers per weight, and with which value it starts. */
  readonly slots: readonly { readonly name: string; readonly initial: number }[]
  update(site: UpdateSite): { readonly weights: OnnxTensor; readonly slots: readonly OnnxTensor[] }
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
