import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import canonicalize from 'canonicalize'
import type { Hash } from '../contracts/index.js'

/** sha256 of bytes, hex. */
export function hashBytes(bytes: Uint8Array | string): Hash {
  return createHash('sha256').update(bytes).digest('hex')
}

/** sha256 of the canonical JSON (RFC 8785) of a value; fields that are undefined do not count. */
export function hashJson(value: unknown): Hash {
  return hashBytes(canonicalize(value) ?? 'null')
}

/** sha256 of a file, streamed. */
export async function hashFile(path: string): Promise<Hash> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
