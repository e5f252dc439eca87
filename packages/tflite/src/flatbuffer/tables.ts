import type { Builder, Offset } from 'flatbuffers'
import type { Field } from './options.js'

/** A vector of 32-bit integers. */
export function writeInts(builder: Builder, values: readonly number[]): Offset {
  builder.startVector(4, values.length, 4)
  for (const value of values.toReversed()) builder.addInt32(value)
  return builder.endVector()
}

/** A vector of 32-bit floats. */
export function writeFloats(builder: Builder, values: Float32Array): Offset {
  builder.startVector(4, values.length, 4)
  for (const value of values.toReversed()) builder.addFloat32(value)
  return builder.endVector()
}

/** A vector of 64-bit integers. */
export function writeLongs(builder: Builder, values: readonly number[]): Offset {
  builder.startVector(8, values.length, 8)
  for (const value of values.toReversed()) builder.addInt64(BigInt(value))
  return builder.endVector()
}

/** A vector of tables or strings that are written already. */
export function writeOffsets(builder: Builder, offsets: readonly Offset[]): Offset {
  builder.startVector(4, offsets.length, 4)
  for (const offset of offsets.toReversed()) builder.addOffset(offset)
  return builder.endVector()
}

/** A vector of bytes whose first byte lies at a multiple of `alignment` in the file. */
export function writeBytes(builder: Builder, bytes: Uint8Array, alignment: number): Offset {
  builder.startVector(1, bytes.length, alignment)
  builder.pad(bytes.length)
  const buffer = builder.dataBuffer()
  buffer.bytes().set(bytes, buffer.capacity() - builder.offset())
  return builder.endVector()
}

/** A reference to something written already, as a field of a table. Offset 0 = left out. */
export interface Reference {
  readonly slot: number
  readonly offset: Offset
}

/** A table of scalars and references. */
export function writeTable(builder: Builder, fields: readonly (Field | Reference)[]): Offset {
  const slots = Math.max(-1, ...fields.map(({ slot }) => slot)) + 1
  builder.startObject(slots)
  for (const field of fields) {
    if ('offset' in field) {
      if (field.offset !== 0) builder.addFieldOffset(field.slot, field.offset, 0)
    } else if (field.type === 'int32') builder.addFieldInt32(field.slot, field.value, field.default)
    else if (field.type === 'float32') builder.addFieldFloat32(field.slot, field.value, field.default)
    else builder.addFieldInt8(field.slot, field.value, field.default)
  }
  return builder.endObject()
}
