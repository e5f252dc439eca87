/**
 * TensorFlow's GraphDef in the JSON that TensorFlow.js reads (`modelTopology` of a graph model): what protobuf's JSON mapping makes of it,
 * integers as strings and byte strings in base64.
 */
export type DataType = 'DT_FLOAT' | 'DT_INT32' | 'DT_UINT8' | 'DT_INT8' | 'DT_BOOL'

export type AttributeValue =
  | { readonly type: DataType }
  | { readonly b: boolean }
  | { readonly i: string }
  | { readonly f: number }
  | { readonly s: string }
  | { readonly list: { readonly i: readonly string[] } }
  | { readonly shape: ShapeDef }
  | { readonly tensor: { readonly dtype: DataType; readonly tensorShape: ShapeDef } }
export type Attributes = Readonly<Record<string, AttributeValue>>

/** The batch is −1: any. */
export interface ShapeDef {
  readonly dim: readonly { readonly size: string }[]
}

export interface NodeDef {
  readonly name: string
  readonly op: string
  readonly input?: readonly string[]
  readonly attr: Attributes
}

export const type = (value: DataType): AttributeValue => ({ type: value })
export const bool = (b: boolean): AttributeValue => ({ b })
export const text = (value: string): AttributeValue => ({ s: Buffer.from(value).toString('base64') })
export const integers = (values: readonly number[]): AttributeValue => ({ list: { i: values.map(String) } })
export const shapeOf = (shape: readonly number[]): ShapeDef => ({ dim: shape.map((size) => ({ size: String(size) })) })
/** `T`, the type that nearly every op has. */
export const ofFloats: Attributes = { T: type('DT_FLOAT') }
