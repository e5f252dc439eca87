import { entryLimits, entrySchema, type ZooEntry } from './entry-schema.js'
import { type FilePlace, readForeignJson } from './read-json.js'

/** @param bytes of entry.json, at most `entryLimits.entryBytes`. @throws MNAS_ZOO_DAMAGED */
export function parseEntry(bytes: Uint8Array, place: FilePlace): ZooEntry {
  return readForeignJson(bytes, place, entrySchema, entryLimits.depth)
}
