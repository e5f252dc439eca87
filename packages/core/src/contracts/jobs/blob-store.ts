import type { Hash } from '../json.js'

/** Content-addressed files: a local folder first. */
export interface BlobStore {
  /** @returns the hash of its bytes, once they are stored whole; a blob that is there already stays as it is. @throws MNAS_FILE_MISSING, MNAS_FILE_WRITE */
  put(path: string): Promise<Hash>
  /** Writes a blob to a path, whole and only with the bytes that its hash promises. @throws MNAS_FILE_MISSING, MNAS_BLOB_DAMAGED */
  get(hash: Hash, path: string): Promise<void>
  has(hash: Hash): Promise<boolean>
  /** One that is not there is none to delete. */
  delete(hash: Hash): Promise<void>
}
