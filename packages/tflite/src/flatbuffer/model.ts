import type { OperatorOptions } from './options.js'
import type { Builtin, TensorType } from './schema.js'

/** What stored integers stand for: real = scale · (stored − zeroPoint). */
export interface Quantization {
  /** One, or one for each position along `axis`. */
  readonly scale: Float32Array
  /** As many. */
  readonly zeroPoint: readonly number[]
  /** 0 where there is one scale. */
  readonly axis: number
}

/** A tensor of the one subgraph. Buffer 0 is the empty one, of everything that is computed. */
export interface TfliteTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly type: TensorType
  readonly buffer: number
  readonly quantization?: Quantization
}

/** Inputs and outputs are positions in `tensors`; an optional input that is left out is −1. */
export interface TfliteOperator {
  readonly op: Builtin
  readonly version: number
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
  readonly options?: OperatorOptions
  /** Of CUSTOM alone. */
  readonly custom?: CustomOperator
}

/** What a CUSTOM operator is. */
export interface CustomOperator {
  /** Its name, by which a runtime finds it. */
  readonly code: string
  /** Bytes that it alone understands. */
  readonly options: Uint8Array
}

export interface TfliteSignatureEntry {
  readonly name: string
  readonly tensor: number
}

/** What a .tflite file says, as plain data: one subgraph, one signature. */
export interface TfliteModel {
  readonly description: string
  readonly signature: string
  readonly tensors: readonly TfliteTensor[]
  /** buffers[0] is empty. */
  readonly buffers: readonly Uint8Array[]
  readonly operators: readonly TfliteOperator[]
  readonly inputs: readonly TfliteSignatureEntry[]
  readonly outputs: readonly TfliteSignatureEntry[]
  readonly metadata: readonly { readonly name: string; readonly data: Uint8Array }[]
}
