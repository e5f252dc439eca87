import { ByteBuffer } from 'flatbuffers'

/** A table of TFLITE_METADATA, read by the numbers of its schema (metadata_schema.fbs), which are written out here again. */
class Table {
  constructor(
    private readonly bytes: ByteBuffer,
    private readonly position: number,
  ) {}
  private field(slot: number): number {
    const offset = this.bytes.__offset(this.position, 4 + 2 * slot)
    return offset === 0 ? 0 : this.position + offset
  }
  has = (slot: number) => this.field(slot) !== 0
  int8 = (slot: number) => (this.field(slot) ? this.bytes.readInt8(this.field(slot)) : 0)
  text = (slot: number) => (this.field(slot) ? (this.bytes.__string(this.field(slot)) as string) : null)
  table = (slot: number) => new Table(this.bytes, this.bytes.__indirect(this.field(slot)))
  private elements<T>(slot: number, read: (position: number) => T): T[] {
    if (this.field(slot) === 0) return []
    const start = this.bytes.__vector(this.field(slot))
    return Array.from({ length: this.bytes.__vector_len(this.field(slot)) }, (_, i) => read(start + 4 * i))
  }
  ints = (slot: number) => this.elements(slot, (at) => this.bytes.readInt32(at))
  texts = (slot: number) => this.elements(slot, (at) => this.bytes.__string(at) as string)
  floats = (slot: number) => this.elements(slot, (at) => this.bytes.readFloat32(at))
  tables = (slot: number) => this.elements(slot, (at) => new Table(this.bytes, this.bytes.__indirect(at)))
}

const filesOf = (files: readonly Table[]) => files.map((file) => ({ name: file.text(0), type: file.int8(2) }))

/** By the number of its kind; of the third, BoundingBoxProperties, all. */
function contentOf(tensor: Table) {
  if (!tensor.has(3)) return { content: 0, boundingBox: null }
  const content = tensor.table(3).int8(0)
  const properties = tensor.table(3).table(1)
  return { content, boundingBox: content === 3 ? { index: properties.ints(0), type: properties.int8(1) } : null }
}

/** What the bytes of a file's TFLITE_METADATA say. */
export function readMetadata(metadata: Uint8Array) {
  const bytes = new ByteBuffer(metadata)
  if (!bytes.__has_identifier('M001')) throw new Error('no M001 identifier')
  const root = new Table(bytes, bytes.readInt32(0))
  const [subgraph] = root.tables(3)
  return {
    name: root.text(0),
    description: root.text(1),
    version: root.text(2),
    license: root.text(5),
    files: filesOf(root.tables(6)),
    minParserVersion: root.text(7),
    inputs: subgraph!.tables(2).map((tensor) => ({
      name: tensor.text(0),
      description: tensor.text(1),
      // ImageProperties, the second of ContentProperties.
      colorSpace: tensor.tables(4).length > 0 && tensor.table(3).int8(0) === 2 ? tensor.table(3).table(1).int8(0) : null,
      units: tensor
        .tables(4)
        .map((unit) => ({ type: unit.int8(0), mean: unit.table(1).floats(0), std: unit.table(1).floats(1) })),
    })),
    outputs: subgraph!.tables(3).map((tensor) => ({
      name: tensor.text(0),
      files: filesOf(tensor.tables(6)),
      ...contentOf(tensor),
    })),
    groups: subgraph!.tables(8).map((group) => ({ name: group.text(0), tensors: group.texts(1) })),
  }
}
