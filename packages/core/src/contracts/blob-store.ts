import type { Hash } from './json.js'

/** Content-addressed files: a local folder first. */
export interface BlobStore {
  put(path: string): Promise<Hash>
  get(hash: Hash, path: string): Promise<void>
  has(hash: Hash): Promise<boolean>
}
