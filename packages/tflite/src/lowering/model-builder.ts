import type { TensorSpec } from '@mnas/core/contracts'
import { hashBytes } from '@mnas/core/files'
import type { Quantization, TfliteModel, TfliteOperator, TfliteSignatureEntry, TfliteTensor } from '../flatbuffer/model.js'
import { reshapeOptions } from '../flatbuffer/options.js'
import type { TensorType } from '../flatbuffer/schema.js'

/** TFLite's shape of a value: the batch, always 1, in front of what is per example. */
export function tfliteShape({ shape, batched }: Pick<TensorSpec, 'shape' | 'batched'>): readonly number[] {
  return batched ? [1, ...shape] : shape
}

/** 16-bit numbers are float16 by their bits. */
export type ConstantData = Float32Array | Uint16Array | Int32Array | Uint8Array | Int8Array

/** Collects a model's tensors, buffers and operators while layers are written; constants that are equal exist once. */
export class ModelBuilder {
  private readonly tensors: TfliteTensor[] = []
  private readonly buffers: Uint8Array[] = [new Uint8Array(0)]
  private readonly operators: TfliteOperator[] = []
  private readonly names: Set<string>
  private readonly bufferOf = new Map<string, number>()
  private readonly constantOf = new Map<string, number>()
  private readonly constants = new Map<number, ConstantData>()
  private readonly values = new Map<string, number>()

  /** @param ids of graph inputs and nodes: no other tensor may take their names, so that a profile maps back to the graph */
  constructor(ids: Iterable<string>) {
    this.names = new Set(ids)
  }

  /** The tensor of a graph input or node, named exactly so. @returns its position */
  value(id: string, shape: readonly number[], type: TensorType, quantization?: Quantization): number {
    return this.push({ name: id, shape, type, buffer: 0, ...(quantization && { quantization }) })
  }

  /** A computed tensor between operators of one node. The name is made unique where it is taken. */
  tensor(name: string, shape: readonly number[], type: TensorType = 'float32', quantization?: Quantization): number {
    return this.value(this.uniqueName(name), shape, type, quantization)
  }

  /** A constant; one with the same bytes, type, shape and scales as an earlier one is that one. */
  constant(name: string, shape: readonly number[], data: ConstantData, quantization?: Quantization): number {
    const bytes = bytesOf(data)
    const type = typeOfData(data)
    const content = hashBytes(bytes)
    const key = `${type} ${shape.join('×')} ${content} ${quantization ? hashBytes(bytesOf(quantization.scale)) : ''}`
    const existing = this.constantOf.get(key)
    if (existing !== undefined) return existing
    const buffer = this.bufferOf.get(content) ?? this.buffers.push(bytes) - 1
    const tensor = this.push({ name: this.uniqueName(name), shape, type, buffer, ...(quantization && { quantization }) })
    this.bufferOf.set(content, buffer)
    this.constantOf.set(key, tensor)
    this.constants.set(tensor, data)
    return tensor
  }

  ints(name: string, values: readonly number[]): number {
    return this.constant(name, [values.length], Int32Array.from(values))
  }

  /** What a constant tensor holds; undefined for a computed one. */
  constantData(tensor: number): ConstantData | undefined {
    return this.constants.get(tensor)
  }

  shapeOf(tensor: number): readonly number[] {
    return this.tensors[tensor]!.shape
  }

  /** Says which tensor is the value of a graph node or input. */
  define(id: string, tensor: number): void {
    this.values.set(id, tensor)
  }

  valueOf(id: string): number {
    return this.values.get(id)!
  }

  add(operator: Omit<TfliteOperator, 'version'> & { readonly version?: number }): void {
    this.operators.push({ version: 1, ...operator })
  }

  /** The same values under another shape: of a constant another constant, else an operator. */
  reshaped(name: string, tensor: number, shape: readonly number[]): number {
    const data = this.constants.get(tensor)
    if (data) return this.constant(name, shape, data)
    return this.copied(name, tensor, shape)
  }

  /** The same values in a tensor of its own. */
  copied(name: string, tensor: number, shape: readonly number[] = this.shapeOf(tensor)): number {
    const { type, quantization } = this.tensors[tensor]!
    const copy = this.tensor(name, shape, type, quantization)
    const newShape = this.ints(`${name}.shape`, shape)
    this.add({ op: 'RESHAPE', inputs: [tensor, newShape], outputs: [copy], options: reshapeOptions(shape) })
    return copy
  }

  build(parts: {
    readonly inputs: readonly TfliteSignatureEntry[]
    readonly outputs: readonly TfliteSignatureEntry[]
    readonly description: string
    readonly signature: string
    readonly metadata: TfliteModel['metadata']
  }): TfliteModel {
    return { ...parts, tensors: this.tensors, buffers: this.buffers, operators: this.operators }
  }

  private push(tensor: TfliteTensor): number {
    return this.tensors.push(tensor) - 1
  }

  private uniqueName(wanted: string): string {
    let name = wanted
    for (let count = 2; this.names.has(name); count++) name = `${wanted}.${count}`
    this.names.add(name)
    return name
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ConstantData) => new Uint8Array(buffer, byteOffset, byteLength)

function typeOfData(data: ConstantData): TensorType {
  if (data instanceof Float32Array) return 'float32'
  if (data instanceof Uint16Array) return 'float16'
  if (data instanceof Int32Array) return 'int32'
  return data instanceof Int8Array ? 'int8' : 'uint8'
}
