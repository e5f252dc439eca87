import type { FileSource, Hash, ZooStore } from '@mnas/core/contracts'
import { isMnasError, storeErrors } from '@mnas/core/errors'
import { hashBytes } from '@mnas/core/files'
import type { EntrySummary } from '../catalogue/catalogue-schema.js'
import { changeCatalogue } from '../catalogue/change-catalogue.js'
import { createUnlessThere } from '../catalogue/create-unless-there.js'
import { catalogueErrors } from '../catalogue/errors.js'
import { blobKey, cardKey, entryKey, shardOf, signatureKey } from '../catalogue/keys.js'
import { readCatalogue, readHashedFrom, readShard } from '../catalogue/read-catalogue.js'
import { parseEntry } from '../entry/parse-entry.js'
import { eachOf } from '../parallel/each-of.js'

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

/** Files that are sent at once. */
const concurrency = 4

/**
 * Puts a release into a zoo so that readers see the zoo as it was or with all of it: files first, then entry.json and card, then the shard, and
 * last the list, by compare-and-swap. Others may publish meanwhile. Ended by force at any moment it leaves a readable zoo, and the same call goes on.
 * @throws MNAS_ZOO_RELEASE_TAKEN when the release is there with other bytes, MNAS_ZOO_PUBLICATION when its parts do not fit each other,
 * MNAS_ZOO_DAMAGED, MNAS_ZOO_READ_ONLY, MNAS_ZOO_WRITE and what reading a store throws
 */
export async function publishInto(
  store: ZooStore,
  publication: Publication,
  signal: AbortSignal,
  options: PublishOptions = {},
): Promise<Published> {
  const { summary } = publication
  checkParts(publication, store.location)
  if (store.access === 'read') throw storeErrors.MNAS_ZOO_READ_ONLY({ location: store.location })
  const there = await releaseIn(store, summary)
  if (there) return { kind: 'unchanged', digest: summary.digest, generation: there.generation }
  await createFiles(store, publication, signal)
  const add = (entries: readonly EntrySummary[]) => {
    const known = entries.find(({ name, release }) => name === summary.name && release === summary.release)
    if (known) throwUnlessSame(known, summary, store.location)
    return known ? entries : [...entries, summary]
  }
  const { changed, generation } = await changeCatalogue(store, shardOf(summary.name), add, signal, options.signList)
  return { kind: changed ? 'published' : 'unchanged', digest: summary.digest, generation }
}

/** Before anything is sent. @throws MNAS_ZOO_RELEASE_TAKEN */
async function releaseIn(store: ZooStore, { name, release, digest }: EntrySummary) {
  const catalogue = await readCatalogue(store)
  if (!catalogue) return null
  const entries = await readShard(catalogue.list, shardOf(name), store.location, readHashedFrom(store))
  const known = entries.find((entry) => entry.name === name && entry.release === release)
  if (!known) return null
  throwUnlessSame(known, { name, release, digest }, store.location)
  return catalogue.list
}

function throwUnlessSame(
  known: EntrySummary,
  { name, release, digest }: Pick<EntrySummary, 'name' | 'release' | 'digest'>,
  location: string,
): void {
  if (known.digest === digest) return
  throw catalogueErrors.MNAS_ZOO_RELEASE_TAKEN({ location, name, release, known: known.digest, received: digest })
}

async function createFiles(store: ZooStore, publication: Publication, signal: AbortSignal): Promise<void> {
  const { entry, card, files, signature, summary } = publication
  const { name, release, digest } = summary
  await eachOf([...files], concurrency, signal, ([hash, source]) => store.create(blobKey(hash), source))
  try {
    await store.create(entryKey(name, release), { bytes: entry })
  } catch (error) {
    if (!isMnasError(error) || error.code !== 'MNAS_ZOO_TAKEN') throw error
    // Somebody is just publishing the same release, or was and did not come to the end.
    const other = await store.read(entryKey(name, release), Number.POSITIVE_INFINITY)
    const known = other ? hashBytes(other.bytes) : 'of nobody'
    throw catalogueErrors.MNAS_ZOO_RELEASE_TAKEN({ location: store.location, name, release, known, received: digest }, error)
  }
  await createUnlessThere(store, cardKey(name, release), card)
  if (signature) await createUnlessThere(store, signatureKey(name, release), signature)
}

/** @throws MNAS_ZOO_PUBLICATION, MNAS_ZOO_DAMAGED */
function checkParts({ entry: bytes, summary, files }: Publication, location: string): void {
  const wrong = (what: string, expected: string, received: string) =>
    catalogueErrors.MNAS_ZOO_PUBLICATION({ what, expected, received })
  const entry = parseEntry(bytes, { location, key: entryKey(summary.name, summary.release) })
  const of = { name: entry.name, release: entry.release, digest: hashBytes(bytes), entryBytes: bytes.length }
  for (const field of ['name', 'release', 'digest', 'entryBytes'] as const)
    if (summary[field] !== of[field])
      throw wrong(`the summary's ${field} is not the entry's`, `${of[field]}`, `${summary[field]}`)
  const lacking = entry.files.find(({ sha256 }) => !files.has(sha256))
  if (lacking) throw wrong(`the contents of "${lacking.path}" are missing`, lacking.sha256, 'nothing')
}
