import type { TfliteModel, TfliteOperator } from '../flatbuffer/model.js'
import type { Builtin, TensorType } from '../flatbuffer/schema.js'
import { type ConstantData, ModelBuilder } from '../lowering/model-builder.js'
import type { Kernel } from './integer-kernel.js'

/** Where the weights of a linear operator lie: the axis of its output channels. */
const channelAxes: Partial<Record<Builtin, number>> = { CONV_2D: 0, DEPTHWISE_CONV_2D: 3, FULLY_CONNECTED: 0 }

/** The operators with weights, their inputs in this order. */
export const [inputPosition, kernelPosition, biasPosition] = [0, 1, 2] as const

/** A float32 model, to be read, and the one that is written after it. */
export class ModelRewriter {
  readonly builder: ModelBuilder
  private readonly model: TfliteModel
  private readonly written = new Map<number, number>()

  constructor(model: TfliteModel) {
    this.model = model
    // Values keep their names; what comes between them takes others.
    this.builder = new ModelBuilder(model.tensors.filter(({ buffer }) => buffer === 0).map(({ name }) => name))
  }

  get operators(): readonly TfliteOperator[] {
    return this.model.operators
  }

  tensorOf(tensor: number) {
    return this.model.tensors[tensor]!
  }

  /** What a constant holds; undefined for a computed value. */
  constantOf(tensor: number): ConstantData | undefined {
    const { buffer, type } = this.model.tensors[tensor] ?? { buffer: 0, type: 'float32' }
    if (buffer === 0) return undefined
    const { buffer: memory, byteOffset, byteLength } = this.model.buffers[buffer]!
    return typedView(type, memory as ArrayBuffer, byteOffset, byteLength)
  }

  /** A constant of float32; undefined for another one and for a computed value. */
  floatsOf(tensor: number): Float32Array | undefined {
    const data = this.constantOf(tensor)
    return data instanceof Float32Array ? data : undefined
  }

  /** The weights of an operator that has them as a constant. */
  kernelOf({ op, inputs }: TfliteOperator): Kernel | undefined {
    const axis = channelAxes[op]
    const tensor = inputs[kernelPosition]
    if (axis === undefined || tensor === undefined) return undefined
    const data = this.floatsOf(tensor)
    return data && { data, shape: this.tensorOf(tensor).shape, axis }
  }

  /** Its bias; zeros where it has none; undefined where it is computed. */
  biasOf({ inputs }: TfliteOperator, channels: number): Float32Array | undefined {
    const tensor = inputs[biasPosition] ?? -1
    return tensor < 0 ? new Float32Array(channels) : this.floatsOf(tensor)
  }

  /** The tensor as it was, in the new model. −1 (left out) stays. */
  copied(tensor: number): number {
    if (tensor < 0) return tensor
    const known = this.written.get(tensor)
    if (known !== undefined) return known
    const { name, shape, type } = this.tensorOf(tensor)
    const data = this.constantOf(tensor)
    const copy = data ? this.builder.constant(name, shape, data) : this.builder.value(name, shape, type)
    this.written.set(tensor, copy)
    return copy
  }

  copies(tensors: readonly number[]): readonly number[] {
    return tensors.map((tensor) => this.copied(tensor))
  }

  /** An operator as it was, in the new model. */
  copiedOperator(operator: TfliteOperator): TfliteOperator {
    return { ...operator, inputs: this.copies(operator.inputs), outputs: this.copies(operator.outputs) }
  }

  add(operator: TfliteOperator): void {
    this.builder.add(operator)
  }

  /** @param tensorOf where an input or output of the old model is in the new one. Default: as it was */
  build(tensorOf = (tensor: number, _role: 'input' | 'output') => this.copied(tensor)): TfliteModel {
    const { inputs, outputs, description, signature, metadata } = this.model
    return this.builder.build({
      inputs: inputs.map(({ name, tensor }) => ({ name, tensor: tensorOf(tensor, 'input') })),
      outputs: outputs.map(({ name, tensor }) => ({ name, tensor: tensorOf(tensor, 'output') })),
      ...{ description, signature, metadata },
    })
  }
}

function typedView(type: TensorType, memory: ArrayBuffer, from: number, bytes: number): ConstantData {
  switch (type) {
    case 'float32':
      return new Float32Array(memory, from, bytes / 4)
    case 'int32':
      return new Int32Array(memory, from, bytes / 4)
    case 'float16':
      return new Uint16Array(memory, from, bytes / 2)
    case 'int8':
      return new Int8Array(memory, from, bytes)
    case 'uint8':
    case 'bool':
      return new Uint8Array(memory, from, bytes)
    default:
      return type satisfies never
  }
}
