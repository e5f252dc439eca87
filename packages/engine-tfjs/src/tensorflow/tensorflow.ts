import type * as Core from '@tensorflow/tfjs-core'

/** The library, whichever copy of it was loaded: tfjs-core's own, or the one inside tfjs-node. */
export type TensorFlow = typeof Core
export type TfTensor = Core.Tensor
export type TfTensor1D = Core.Tensor1D
export type TfTensor4D = Core.Tensor4D

/** On what the engine computes: TensorFlow's C library, or JavaScript alone. Both run on the CPU. */
export const accelerators = ['tfjs-node', 'tfjs-cpu'] as const
export type Accelerator = (typeof accelerators)[number]

/** The library's names for the two. */
export const backendNames = { 'tfjs-node': 'tensorflow', 'tfjs-cpu': 'cpu' } as const satisfies Record<Accelerator, string>
