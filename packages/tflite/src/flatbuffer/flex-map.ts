import type { Json, JsonObject } from '@mnas/core/contracts'
import flexbuffers from 'flatbuffers/js/flexbuffers.js'

/**
 * Options of a custom operator as the FlexBuffer map that operators read. Every number that is no integer is rounded to float32: the builder
 * reserves for all floats the room of the widest and writes each in its own, so that floats of two widths come out as others.
 */
export function flexMap(options: JsonObject): Uint8Array {
  return flexbuffers.encode(inFloat32(options))
}

function inFloat32(value: Json): Json {
  if (typeof value === 'number') return Number.isInteger(value) ? value : Math.fround(value)
  if (Array.isArray(value)) return value.map(inFloat32)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, inFloat32(one)]))
}
