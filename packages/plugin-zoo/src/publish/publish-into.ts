import type { FileSource, Hash, ZooStore } from '@mnas/core/contracts'
import type { EntrySummary } from '../catalogue/catalogue-schema.js'

/** One release as it goes into a zoo. Whoever makes it has checked what it says; that its parts fit each other is checked here. */
export interface Publication {
  /** entry.json, byte for byte: its sha256 is the digest of the entry. */
  readonly entry: Uint8Array
  /** What a search knows of it. Name, release, digest and entryBytes are those of `entry`. */
  readonly summary: EntrySummary
  /** README.md. */
  readonly card: Uint8Array
  /** What stands in every file that the entry names, by its sha256. */
  readonly files: ReadonlyMap<Hash, FileSource>
  /** model.sig, where it is signed. */
  readonly signature?: Uint8Array
}

export interface PublishOptions {
  /** Signs the zoo's list as it will be stored (zoo.json.gz); without it the list has no signature. */
  readonly signList?: (stored: Uint8Array) => Promise<Uint8Array>
}

export interface Published {
  /** unchanged: exactly this release was there already. */
  readonly kind: 'published' | 'unchanged'
  readonly digest: Hash
  /** Of the list that names it. */
  readonly generation: number
}

/**
 * Puts a release into a zoo so that readers see the zoo as it was or with all of it: files first, then entry.json and card, then the shard, and
 * last the list, by compare-and-swap. Others may publish meanwhile. Ended by force at any moment it leaves a readable zoo, and the same call goes on.
 * @throws MNAS_ZOO_RELEASE_TAKEN when the release is there with other bytes, MNAS_ZOO_PUBLICATION when its parts do not fit each other,
 * MNAS_ZOO_DAMAGED, MNAS_ZOO_READ_ONLY, MNAS_ZOO_WRITE and what reading a store throws
 */
export declare function publishInto(
  store: ZooStore,
  publication: Publication,
  signal: AbortSignal,
  options?: PublishOptions,
): Promise<Published>
