import { ByteBuffer } from 'flatbuffers'
import { type Builtin, builtin, fileIdentifier, slots } from '#internal/flatbuffer/schema.js'

export interface ReadOperator {
  readonly op: Builtin
  readonly version: number
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
  /** The options table's 8-bit and 32-bit fields by slot, as stored (0 = left out). */
  readonly int8: (slot: number) => number
  readonly int32: (slot: number) => number
  /** Of a custom one. */
  readonly customCode: string | null
  readonly customOptions: Uint8Array | null
}
export interface ReadTensor {
  readonly name: string
  readonly type: number
  readonly shape: readonly number[]
  readonly buffer: number
}
export interface ReadModel {
  readonly tensors: readonly ReadTensor[]
  readonly operators: readonly ReadOperator[]
  /** Position and length of each buffer's data in the file; null = empty. */
  readonly buffers: readonly ({ readonly position: number; readonly length: number } | null)[]
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
  readonly description: string
  readonly signature: { readonly key: string; readonly inputs: Record<string, number>; readonly outputs: Record<string, number> }
  readonly metadata: Record<string, number>
}

class Table {
  constructor(
    private readonly bytes: ByteBuffer,
    private readonly position: number,
  ) {}
  private field(slot: number): number {
    const offset = this.bytes.__offset(this.position, 4 + 2 * slot)
    return offset === 0 ? 0 : this.position + offset
  }
  int8 = (slot: number) => (this.field(slot) ? this.bytes.readInt8(this.field(slot)) : 0)
  int32 = (slot: number, standard = 0) => (this.field(slot) ? this.bytes.readInt32(this.field(slot)) : standard)
  text = (slot: number) => this.bytes.__string(this.field(slot)) as string
  table = (slot: number) => new Table(this.bytes, this.bytes.__indirect(this.field(slot)))
  vector(slot: number) {
    const field = this.field(slot)
    return field === 0 ? null : { position: this.bytes.__vector(field), length: this.bytes.__vector_len(field) }
  }
  ints(slot: number): number[] {
    const vector = this.vector(slot)
    return Array.from({ length: vector?.length ?? 0 }, (_, i) => this.bytes.readInt32(vector!.position + 4 * i))
  }
  isPresent = (slot: number) => this.field(slot) !== 0
  data(slot: number): Uint8Array | null {
    const vector = this.vector(slot)
    return vector && this.bytes.bytes().subarray(vector.position, vector.position + vector.length)
  }
  tables(slot: number): Table[] {
    const vector = this.vector(slot)
    return Array.from({ length: vector?.length ?? 0 }, (_, i) => {
      return new Table(this.bytes, this.bytes.__indirect(vector!.position + 4 * i))
    })
  }
}

/** What a file says, read independently of the writer (but for the numbers of the schema). */
export function readTflite(file: Uint8Array): ReadModel {
  const bytes = new ByteBuffer(file)
  if (!bytes.__has_identifier(fileIdentifier)) throw new Error('no TFL3 identifier')
  const root = new Table(bytes, bytes.readInt32(0))
  const codes = root.tables(slots.model.operatorCodes).map((code) => ({
    op: nameOf(code.int32(slots.operatorCode.code)),
    version: code.int32(slots.operatorCode.version, 1),
    deprecated: code.int8(slots.operatorCode.deprecatedCode),
    customCode: code.isPresent(slots.operatorCode.customCode) ? code.text(slots.operatorCode.customCode) : null,
  }))
  for (const { op, deprecated } of codes) if (deprecated !== Math.min(127, builtin[op])) throw new Error(`old code of ${op}`)
  const subgraph = root.tables(slots.model.subgraphs)[0]!
  const signature = root.tables(slots.model.signatures)[0]!
  const entries = (slot: number) =>
    Object.fromEntries(
      signature.tables(slot).map((entry) => [entry.text(slots.tensorMap.name), entry.int32(slots.tensorMap.tensor)]),
    )
  return {
    tensors: subgraph.tables(slots.subgraph.tensors).map((tensor) => ({
      name: tensor.text(slots.tensor.name),
      type: tensor.int8(slots.tensor.type),
      shape: tensor.ints(slots.tensor.shape),
      buffer: tensor.int32(slots.tensor.buffer),
    })),
    operators: subgraph.tables(slots.subgraph.operators).map((operator) => {
      const { op, version, customCode } = codes[operator.int32(slots.operator.code)]!
      const options = operator.int8(slots.operator.optionsType) === 0 ? null : operator.table(slots.operator.options)
      return {
        op,
        version,
        inputs: operator.ints(slots.operator.inputs),
        outputs: operator.ints(slots.operator.outputs),
        int8: (slot: number) => options?.int8(slot) ?? 0,
        int32: (slot: number) => options?.int32(slot) ?? 0,
        customCode,
        customOptions: operator.data(slots.operator.customOptions),
      }
    }),
    buffers: root.tables(slots.model.buffers).map((buffer) => buffer.vector(slots.buffer.data)),
    inputs: subgraph.ints(slots.subgraph.inputs),
    outputs: subgraph.ints(slots.subgraph.outputs),
    description: root.text(slots.model.description),
    signature: {
      key: signature.text(slots.signature.key),
      inputs: entries(slots.signature.inputs),
      outputs: entries(slots.signature.outputs),
    },
    metadata: Object.fromEntries(
      root.tables(slots.model.metadata).map((entry) => [entry.text(slots.metadata.name), entry.int32(slots.metadata.buffer)]),
    ),
  }
}

function nameOf(code: number): Builtin {
  const found = Object.entries(builtin).find(([, value]) => value === code)
  if (!found) throw new Error(`unknown op code ${code}`)
  return found[0] as Builtin
}
