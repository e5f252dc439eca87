import { gunzipSync, gzipSync } from 'node:zlib'
import type { z } from 'zod'
import { type FilePlace, readForeignJson } from '../entry/read-json.js'
import { zooErrors } from '../errors.js'

/** Lists and shards are flat. */
const depth = 8

/** How much JSON may come out of a packed file: a few kilobytes can hold gigabytes of blanks. */
const unpackedLimit = (packedLimit: number) => 16 * packedLimit

export const packJson = (value: unknown): Uint8Array => gzipSync(JSON.stringify(value), { level: 9 })

/** @param packedLimit what the packed bytes may be at most. @throws MNAS_ZOO_DAMAGED */
export function unpackJson<T>(packed: Uint8Array, place: FilePlace, schema: z.ZodType<T>, packedLimit: number): T {
  return readForeignJson(unpacked(packed, place, packedLimit), place, schema, depth)
}

function unpacked(packed: Uint8Array, place: FilePlace, packedLimit: number): Uint8Array {
  try {
    return gunzipSync(packed, { maxOutputLength: unpackedLimit(packedLimit) })
  } catch (error) {
    const bomb = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    const reason = bomb ? `it unpacks to more than ${unpackedLimit(packedLimit)} bytes` : 'it is not packed by gzip, or cut off'
    throw zooErrors.MNAS_ZOO_DAMAGED({ ...place, reason }, error)
  }
}
