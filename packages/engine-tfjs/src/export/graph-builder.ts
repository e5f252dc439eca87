import type { DType } from '@mnas/core/contracts'
import { type Attributes, type DataType, type NodeDef, ofFloats, shapeOf, type } from './graph-def.js'

export type ConstantData = Float32Array | Int32Array

/** A constant's values, which stand in the weight files; its node has only type and shape. */
export interface Weight {
  readonly name: string
  readonly shape: readonly number[]
  readonly data: ConstantData
}

const dataTypes = { float32: 'DT_FLOAT', int32: 'DT_INT32', uint8: 'DT_UINT8', int8: 'DT_INT8' } as const satisfies Record<
  DType,
  DataType
>
export const dataTypeOf = (dtype: DType): DataType => dataTypes[dtype]

/** Collects a model's nodes and constants while layers are written. Every method that adds a node returns its name. */
export class GraphDefBuilder {
  readonly nodes: NodeDef[] = []
  readonly weights: Weight[] = []
  readonly #names: Set<string>
  readonly #values = new Map<string, string>()

  /** @param ids of graph inputs and nodes: no other node may take their names, so that they can be asked for by id */
  constructor(ids: Iterable<string>) {
    this.#names = new Set(ids)
  }

  placeholder(id: string, shape: readonly number[], dtype: DType): string {
    const attr = { dtype: type(dataTypeOf(dtype)), shape: { shape: shapeOf(shape) } }
    this.nodes.push({ name: id, op: 'Placeholder', attr })
    return id
  }

  /** @param name made unique where it is taken */
  constant(name: string, shape: readonly number[], data: ConstantData): string {
    const unique = this.#unique(name)
    const dtype: DataType = data instanceof Float32Array ? 'DT_FLOAT' : 'DT_INT32'
    const attr = { dtype: type(dtype), value: { tensor: { dtype, tensorShape: shapeOf(shape) } } }
    this.nodes.push({ name: unique, op: 'Const', attr })
    this.weights.push({ name: unique, shape, data })
    return unique
  }

  integers(name: string, values: readonly number[]): string {
    return this.constant(name, [values.length], Int32Array.from(values))
  }

  /** The op whose value is that of the graph node `id`, named so. */
  result(id: string, op: string, input: readonly string[], attr: Attributes = ofFloats): string {
    this.nodes.push({ name: id, op, input, attr })
    return id
  }

  /** An op between. @param name made unique where it is taken */
  op(name: string, op: string, input: readonly string[], attr: Attributes = ofFloats): string {
    return this.result(this.#unique(name), op, input, attr)
  }

  /** Says which node has the value of a graph node or input. */
  define(id: string, node: string): void {
    this.#values.set(id, node)
  }

  valueOf(id: string): string {
    return this.#values.get(id)!
  }

  #unique(wanted: string): string {
    let name = wanted
    for (let count = 2; this.#names.has(name); count++) name = `${wanted}.${count}`
    this.#names.add(name)
    return name
  }
}
