import { readFile } from 'node:fs/promises'
import type { FileSource, ZooStore } from '@mnas/core/contracts'
import { storeErrors } from '@mnas/core/errors'
import { hashBytes } from '@mnas/core/files'
import { zooKey } from '../../catalogue/keys.js'

/** A zoo in memory, to make one that is read as any other. */
export function memoryStore(location: string): ZooStore {
  const files = new Map<string, Uint8Array>()
  const tagOf = (bytes: Uint8Array) => hashBytes(bytes)
  return {
    location,
    access: 'write',
    async read(key, maxBytes) {
      const bytes = files.get(key)
      if (bytes === undefined) return null
      if (bytes.length > maxBytes)
        throw storeErrors.MNAS_ZOO_TOO_LARGE({ location, key, limit: maxBytes, received: `${bytes.length}` })
      return { bytes, tag: tagOf(bytes) }
    },
    async stream(key, from) {
      const bytes = files.get(key)
      if (bytes === undefined) throw storeErrors.MNAS_ZOO_MISSING({ location, key })
      const start = from <= bytes.length ? from : 0
      return { from: start, pieces: piecesOf(bytes.subarray(start)) }
    },
    async create(key, source) {
      const bytes = await bytesOf(source)
      const there = files.get(key)
      if (there && tagOf(there) !== tagOf(bytes)) throw storeErrors.MNAS_ZOO_TAKEN({ location, key })
      files.set(key, bytes)
    },
    async replace(key, bytes, expected) {
      const there = files.get(key)
      if ((there ? tagOf(there) : null) !== expected) return false
      files.set(key, bytes)
      return true
    },
    async flush() {},
    async remove(key, list) {
      if (list !== undefined && tagOf(files.get(zooKey) ?? new Uint8Array()) !== list) return false
      files.delete(key)
      return true
    },
    list: async (prefix) => [...files.keys()].filter((key) => key.startsWith(prefix)),
    async close() {},
  }
}

async function bytesOf(source: FileSource): Promise<Uint8Array> {
  return 'bytes' in source ? source.bytes : readFile(source.path)
}

async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
