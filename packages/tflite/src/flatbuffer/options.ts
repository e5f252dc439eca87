import { type Activation, fusedActivation, type PaddingScheme, paddingScheme, type TensorType, tensorType } from './schema.js'

/** One scalar of a table; left out of the file where it equals its default. */
export interface Field {
  readonly slot: number
  readonly type: 'int8' | 'int32' | 'float32'
  readonly value: number
  readonly default: number
}

/** The options of an operator: a member of the BuiltinOptions union by its tag. */
export interface OperatorOptions {
  readonly tag: number
  readonly fields: readonly Field[]
  /** RESHAPE alone has a vector, in slot 0. */
  readonly newShape?: readonly number[]
}

const int8 = (slot: number, value: number): Field => ({ slot, type: 'int8', value, default: 0 })
const int32 = (slot: number, value: number, standard = 0): Field => ({ slot, type: 'int32', value, default: standard })
const activated = (tag: number) => (activation: Activation) => ({ tag, fields: [int8(0, fusedActivation[activation])] })
const empty = (tag: number): OperatorOptions => ({ tag, fields: [] })

export interface WindowOptions {
  readonly padding: PaddingScheme
  readonly strides: readonly [vertical: number, horizontal: number]
  readonly activation: Activation
}

/** The fields every window starts with: padding, horizontal stride, vertical stride. */
function windowFields({ padding, strides }: WindowOptions): readonly Field[] {
  return [int8(0, paddingScheme[padding]), int32(1, strides[1]), int32(2, strides[0])]
}

/** Dilation is 1 × 1, the default. */
export function convOptions(window: WindowOptions): OperatorOptions {
  return {
    tag: 1,
    fields: [...windowFields(window), int8(3, fusedActivation[window.activation]), int32(4, 1, 1), int32(5, 1, 1)],
  }
}

/** Depth multiplier 1, dilation 1 × 1. */
export function depthwiseOptions(window: WindowOptions): OperatorOptions {
  const activation = int8(4, fusedActivation[window.activation])
  return { tag: 2, fields: [...windowFields(window), int32(3, 1), activation, int32(5, 1, 1), int32(6, 1, 1)] }
}

export function poolOptions(
  window: WindowOptions & { readonly kernel: readonly [height: number, width: number] },
): OperatorOptions {
  const [height, width] = window.kernel
  return {
    tag: 5,
    fields: [...windowFields(window), int32(3, width), int32(4, height), int8(5, fusedActivation[window.activation])],
  }
}

/** keepDims: the leading axes of the input stay in the output. */
export function denseOptions(activation: Activation, keepDims: boolean): OperatorOptions {
  return { tag: 8, fields: [int8(0, fusedActivation[activation]), int8(2, keepDims ? 1 : 0)] }
}

/** Of a FULLY_CONNECTED that brings its input to 8 bits while it runs: with a zero point, as the official converter asks. */
export function hybridDenseOptions({ tag, fields }: OperatorOptions): OperatorOptions {
  return { tag, fields: [...fields, int8(3, 1)] }
}

export const softmaxOptions: OperatorOptions = { tag: 9, fields: [{ slot: 0, type: 'float32', value: 1, default: 0 }] }
export const concatOptions = (axis: number): OperatorOptions => ({ tag: 10, fields: [int32(0, axis)] })
export const addOptions = activated(11)
export const reshapeOptions = (newShape: readonly number[]): OperatorOptions => ({ tag: 17, fields: [], newShape })
export const multiplyOptions = activated(21)
export const padOptions = empty(22)
export const reduceOptions = (keepDims: boolean): OperatorOptions => ({ tag: 27, fields: [int8(0, keepDims ? 1 : 0)] })
export const subtractOptions = activated(28)
export const divideOptions = activated(29)
export const expOptions = empty(33)
export const logSoftmaxOptions = empty(36)
export const castOptions = (from: TensorType, to: TensorType): OperatorOptions => ({
  tag: 37,
  fields: [int8(0, tensorType[from]), int8(1, tensorType[to])],
})
export const maximumOptions = empty(39)
export const lessOptions = empty(41)
export const negateOptions = empty(42)
export const dequantizeOptions = empty(38)
export const padValueOptions = empty(43)
export const notEqualOptions = empty(54)
export const absOptions = empty(78)
export const quantizeOptions = empty(89)
export const selectOptions = empty(98)
