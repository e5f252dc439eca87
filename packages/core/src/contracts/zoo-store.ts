import type { Hash } from './json.js'
import type { Surroundings } from './surroundings.js'

/**
 * Where a zoo lies. A contribution is named like the scheme of its locations: `https://…` opens the store `https` (as
 * `http://…` does), `hf:…` the store `hf`; a location without a scheme is a folder and opens `folder`.
 */
export interface ZooStoreFactory {
  /** Touches the network only when something is read. @throws MNAS_ZOO_LOCATION when the location is not one of its own */
  open(location: string, surroundings: Surroundings): Promise<ZooStore>
}

/**
 * The files of a zoo under keys: relative paths with `/`, in the layout that docs/zoo.md describes. Exactly one key, the zoo's
 * list, is ever replaced; all others are created once and stay as they are until they are removed. What it may throw:
 * `storeErrors` of @mnas/core/errors.
 */
export interface ZooStore {
  /** As it may be shown: without tokens or passwords. */
  readonly location: string
  /** A web server can only be read. */
  readonly access: 'read' | 'write'
  /**
   * A small file, whole; null when there is none.
   * @throws MNAS_ZOO_TOO_LARGE beyond `maxBytes`, before more than that was held in memory; MNAS_ZOO_UNREACHABLE,
   * MNAS_ZOO_REFUSED, MNAS_ZOO_HTML
   */
  read(key: string, maxBytes: number): Promise<StoredFile | null>
  /**
   * A file from a byte on, in pieces. `from` of the answer is 0 where the place cannot begin there: in the middle, or behind
   * the end. What was begun is not retried, nothing is checked: whoever reads knows length and hash.
   * @throws MNAS_ZOO_MISSING when there is none, MNAS_ZOO_UNREACHABLE (while reading, too), MNAS_ZOO_REFUSED, MNAS_ZOO_HTML
   */
  stream(
    key: string,
    from: number,
    signal: AbortSignal,
  ): Promise<{ readonly from: number; readonly pieces: AsyncIterable<Uint8Array> }>
  /**
   * Creates a file, whole or not at all; one with the same bytes may be there already.
   * @throws MNAS_ZOO_TAKEN when other bytes are there, MNAS_ZOO_READ_ONLY, MNAS_ZOO_WRITE
   */
  create(key: string, source: FileSource): Promise<void>
  /**
   * Replaces a file unless somebody else has meanwhile: false, and nothing has happened, when it is not `expected` any more
   * (null: when there is one). What this store created since it last did so, or found there when it was to create it, is there
   * with the list, even if somebody has removed it meanwhile.
   * @throws MNAS_ZOO_READ_ONLY, MNAS_ZOO_WRITE, MNAS_ZOO_TAKEN when others have put other bytes there meanwhile
   */
  replace(key: string, bytes: Uint8Array, expected: string | null): Promise<boolean>
  /**
   * What this store created is there for others, without a new list. Where files can only appear at once (a repository) they
   * are sent; elsewhere they are there already.
   * @throws MNAS_ZOO_WRITE, MNAS_ZOO_TAKEN
   */
  flush(): Promise<void>
  /**
   * One that is not there is none to remove.
   * @param list sha256 of the zoo's list: false, and nothing has happened, when it is another one by now; left out: whatever it is
   * @throws MNAS_ZOO_READ_ONLY, MNAS_ZOO_WRITE
   */
  remove(key: string, list?: Hash): Promise<boolean>
  /** All keys that begin so, in any order; null where the place cannot tell (a web server). */
  list(prefix: string): Promise<readonly string[] | null>
  close(): Promise<void>
}

export interface StoredFile {
  readonly bytes: Uint8Array
  /** What `replace` expects: changes when the file does. */
  readonly tag: string
}

export type FileSource = { readonly bytes: Uint8Array } | { readonly path: string }
