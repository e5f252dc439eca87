import type { OnnxTensor } from '../../onnx/tensor.js'
import type { Value } from '../../ops/value.js'
import type { CompositeReverseSite } from '../composite.js'
import type { Activation } from '../lanes.js'

/** Nodes of a product with batch norm and activation behind it. */
export interface ExpansionNodes {
  readonly conv: string
  readonly norm: string
  readonly epsilon: number
  readonly activation: Activation
}

export interface ExpansionInput {
  /** The narrow map [K, …]. */
  readonly whole: OnnxTensor
  /** The same positions cut into the parts that are expanded one by one; [whole] where there is one. */
  readonly parts: readonly OnnxTensor[]
  /** Mean of `whole` [K, 1] where it is known. */
  readonly mean?: OnnxTensor | undefined
  /** W [C, K] */
  readonly weights: OnnxTensor
  /** Whether dL/du will be asked for. */
  readonly inputGradient: boolean
}

export interface Expansion {
  /** z per part. */
  readonly outputs: readonly OnnxTensor[]
  /** From dL/dz per part: dW [C, K] and the way to du. */
  reverse(site: CompositeReverseSite, gradients: readonly Value[]): ExpansionGradient
}

export interface ExpansionGradient {
  readonly weights: OnnxTensor
  /** dL/du per part, less `pending` [K, 1] where there is one. The addend, only with a single part, is added in the same pass. */
  input(addend: OnnxTensor | null): { readonly parts: readonly OnnxTensor[]; readonly pending?: OnnxTensor | undefined }
}
