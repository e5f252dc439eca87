import type { DType, Tensor } from '../contracts/index.js'

interface TypedArrayClass {
  new (length: number): Tensor['data']
  new (buffer: ArrayBuffer): Tensor['data']
  readonly BYTES_PER_ELEMENT: number
}

/** What holds the values of each type. */
export const typedArrays: { readonly [D in DType]: TypedArrayClass } = {
  float32: Float32Array,
  int32: Int32Array,
  uint8: Uint8Array,
  int8: Int8Array,
}
