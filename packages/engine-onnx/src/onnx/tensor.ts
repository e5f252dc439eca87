/** Element types of the ONNX tensors that the engine writes; the numbers are TensorProto.DataType. */
export const elementTypes = { float: 1, int32: 6, int64: 7, bool: 9 } as const
export type ElementType = keyof typeof elementTypes

/** A value inside an ONNX graph. Shapes are static: the batch size is compiled in. */
export interface OnnxTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly type: ElementType
}

export type AttributeValue =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'string'; readonly value: string }
export type Attributes = Readonly<Record<string, AttributeValue>>

export const int = (value: number): AttributeValue => ({ kind: 'int', value })
export const ints = (value: readonly number[]): AttributeValue => ({ kind: 'ints', value })
export const float = (value: number): AttributeValue => ({ kind: 'float', value })
export const floats = (value: readonly number[]): AttributeValue => ({ kind: 'floats', value })
export const string = (value: string): AttributeValue => ({ kind: 'string', value })

/**
 * Operator sets beyond the standard one that the fast mode uses; both belong to onnxruntime's CPU provider.
 * - `com.microsoft`: fused operators
 * - `com.microsoft.nchwc`: operators on maps whose channels are interleaved in blocks
 */
export type Domain = '' | 'com.microsoft' | 'com.microsoft.nchwc'

export interface OnnxNode {
  readonly operator: string
  readonly domain: Domain
  /** '' stands for an optional input that is left out. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Attributes
}

export type ConstantValues = Float32Array | Int32Array | BigInt64Array

export interface OnnxConstant {
  readonly tensor: OnnxTensor
  readonly values: ConstantValues
}

/** Everything that a ModelProto of ours holds. */
export interface OnnxModel {
  readonly nodes: readonly OnnxNode[]
  readonly constants: readonly OnnxConstant[]
  readonly inputs: readonly OnnxTensor[]
  readonly outputs: readonly OnnxTensor[]
}

/** An optional input that is left out. */
export const absent: OnnxTensor = { name: '', shape: [], type: 'float' }

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1)
