import { readFile } from 'node:fs/promises'
import type { FileSource, Hash, StoredFile, ZooStore } from '@mnas/core/contracts'
import { storeErrors } from '@mnas/core/errors'
import { hashBytes, hashFile, jsonText } from '@mnas/core/files'
import { catalogueLimits } from '../../catalogue/catalogue-schema.js'
import { zooKey } from '../../catalogue/keys.js'
import { entryLimits } from '../../entry/entry-schema.js'
import { isEntryPath } from '../../entry/paths.js'
import { readForeignJson } from '../../entry/read-json.js'
import { type HubAccess, locationOf } from './hub-access.js'
import { commitTo, createRepo, listRepo } from './hub-changes.js'
import { hubFileSource } from './hub-file-source.js'
import { headCommit, wholeFileAt } from './hub-repo.js'
import { emptyLayout, hashOfBlobKey, layoutPath, layoutSchema, place, type RepoLayout } from './repo-layout.js'

const layoutLimit = 4 * 2 ** 20
const layoutDepth = 4

/** The repository as it was at one commit. */
interface RepoState {
  readonly commit: string
  readonly layout: RepoLayout
}

/** A file that is to be there with the next commit. */
interface Created {
  readonly source: FileSource
  /** The commit in which it was looked for; null: there was no repository. */
  readonly upon: string | null
  /** It was there, and need not be sent. */
  readonly there: boolean
}

/**
 * A repository holds whole commits: what was created is sent by `flush`, or when the list is replaced, all in one, upon the commit that the list was
 * read from. Upon another commit than before it is looked for again: somebody may have removed what was there. Between two looks at the list everything
 * is read from the same commit.
 */
export class HfStore implements ZooStore {
  readonly location: string
  readonly access: 'read' | 'write'
  readonly #hub: HubAccess
  readonly #created = new Map<string, Created>()
  #state: Promise<RepoState | null> | undefined

  constructor(hub: HubAccess) {
    this.#hub = hub
    this.location = locationOf(hub)
    this.access = hub.revision === null ? 'write' : 'read'
  }

  async read(key: string, maxBytes: number): Promise<StoredFile | null> {
    if (key === zooKey) this.#state = undefined
    const now = await this.#current()
    if (now === null) return null
    const { path, commit } = placeIn(now, key)
    const found = await wholeFileAt(this.#hub, commit, path, maxBytes)
    return found && (key === zooKey ? { bytes: found.bytes, tag: now.commit } : found)
  }

  async stream(key: string, from: number, signal: AbortSignal) {
    const now = await this.#current()
    const at = now && placeIn(now, key)
    if (at === null) throw storeErrors.MNAS_ZOO_MISSING({ location: this.location, key })
    return hubFileSource(this.#hub, at.commit).stream(at.path, from, signal)
  }

  async create(key: string, source: FileSource): Promise<void> {
    this.#requireWritable()
    await this.#lookFor(key, source, await this.#current())
  }

  async replace(key: string, bytes: Uint8Array, expected: string | null): Promise<boolean> {
    this.#requireWritable()
    const commit = expected ?? (await emptyHead(this.#hub, key))
    if (commit === null) return false
    return this.#commit(`Change ${key}`, new Map([[key, { bytes }]]), await stateAt(this.#hub, commit))
  }

  async flush(): Promise<void> {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const [first, ...others] = this.#missing().keys()
      if (first === undefined) return
      const commit = await headOrNew(this.#hub)
      const title = others.length === 0 ? `Add ${first}` : `Add ${others.length + 1} files`
      if (await this.#commit(title, new Map(), await stateAt(this.#hub, commit))) return
    }
    throw changedAgainAndAgain(this.#hub, 'what was created')
  }

  async remove(key: string, list?: Hash): Promise<boolean> {
    this.#requireWritable()
    this.#created.delete(key)
    this.#state = undefined
    return removeFrom(this.#hub, key, list)
  }

  async list(prefix: string): Promise<readonly string[]> {
    const now = await readState(this.#hub)
    if (now === null) return []
    const blobs = Object.keys(now.layout.blobs).map((hash) => `blobs/${hash.slice(0, 2)}/${hash}`)
    const listed = (await listRepo(this.#hub, now.commit)).map(({ path }) => path)
    const paths = listed.filter((path) => path === zooKey || /^(?:index|entries|blobs)\//.test(path))
    return [...new Set([...paths, ...blobs])].filter((key) => key.startsWith(prefix))
  }

  async close(): Promise<void> {}

  #current(): Promise<RepoState | null> {
    this.#state ??= readState(this.#hub)
    return this.#state
  }

  /** @throws MNAS_ZOO_TAKEN */
  async #lookFor(key: string, source: FileSource, now: RepoState | null): Promise<void> {
    const there = now !== null && (await isThere(this.#hub, key, source, now))
    this.#created.set(key, { source, upon: now?.commit ?? null, there })
  }

  #missing(): ReadonlyMap<string, FileSource> {
    return new Map([...this.#created].filter(([, { there }]) => !there).map(([key, { source }]) => [key, source]))
  }

  /** Sends what was created, and more. @returns false when there is a later commit than `now` */
  async #commit(title: string, more: ReadonlyMap<string, FileSource>, now: RepoState): Promise<boolean> {
    for (const [key, { source, upon }] of [...this.#created]) if (upon !== now.commit) await this.#lookFor(key, source, now)
    const missing = this.#missing()
    const placed = place(new Map([...missing, ...more]), await entriesIn(missing), now.layout, now.commit)
    const put = new Map([...placed.put, [layoutPath, layoutFile(placed.layout)]])
    if (!(await commitTo(this.#hub, { title, put, remove: placed.remove, parent: now.commit }))) return false
    this.#created.clear()
    this.#state = undefined
    return true
  }

  #requireWritable(): void {
    if (this.access === 'read') throw storeErrors.MNAS_ZOO_READ_ONLY({ location: this.location })
  }
}

function placeIn({ commit, layout }: RepoState, key: string) {
  if (!isEntryPath(key)) throw new Error(`"${key}" is no key of a zoo`)
  const hash = hashOfBlobKey(key)
  const known = hash === null || !Object.hasOwn(layout.blobs, hash) ? null : layout.blobs[hash]!
  return { path: known?.path ?? key, commit: known?.commit ?? commit, shown: known?.commit === null }
}

/** @throws MNAS_ZOO_TAKEN when other bytes are there */
async function isThere(access: HubAccess, key: string, source: FileSource, now: RepoState): Promise<boolean> {
  const { path, commit, shown } = placeIn(now, key)
  // A blob is what its name says; of an earlier release it is shown again.
  if (hashOfBlobKey(key) !== null) return shown
  const found = await wholeFileAt(access, commit, path, catalogueLimits.shardBytes)
  if (found === null) return false
  if (hashBytes(found.bytes) === (await hashOf(source))) return true
  throw storeErrors.MNAS_ZOO_TAKEN({ location: locationOf(access), key })
}

const layoutFile = (layout: RepoLayout): FileSource => ({ bytes: new TextEncoder().encode(jsonText(layout)) })

async function readState(access: HubAccess): Promise<RepoState | null> {
  const commit = await headCommit(access)
  return commit === null ? null : stateAt(access, commit)
}

const stateAt = async (access: HubAccess, commit: string): Promise<RepoState> => ({
  commit,
  layout: await readLayout(access, commit),
})

async function readLayout(access: HubAccess, commit: string): Promise<RepoLayout> {
  const found = await wholeFileAt(access, commit, layoutPath, layoutLimit)
  if (found === null) return emptyLayout
  return readForeignJson(found.bytes, { location: locationOf(access), key: layoutPath }, layoutSchema, layoutDepth)
}

/** The newest commit of a repository, which is made where there is none. */
const headOrNew = async (access: HubAccess): Promise<string> =>
  (await headCommit(access)) ?? createRepo(access, () => headCommit(access))

/** The same of one without that file; null when the file is there. */
async function emptyHead(access: HubAccess, key: string): Promise<string | null> {
  const head = await headOrNew(access)
  return (await wholeFileAt(access, head, key, catalogueLimits.zooBytes)) === null ? head : null
}

const attempts = 5

/** @param list sha256 of the list that has to be there; undefined: whatever is. @returns false when it is another one */
async function removeFrom(access: HubAccess, key: string, list: Hash | undefined): Promise<boolean> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const now = await readState(access)
    if (now === null) return list === undefined
    if (list !== undefined && (await hashAt(access, now.commit, zooKey)) !== list) return false
    const hash = hashOfBlobKey(key)
    const { [hash ?? '']: known, ...blobs } = now.layout.blobs
    const path = known?.path ?? key
    const there = (await listRepo(access, now.commit)).some((file) => file.path === path) && (known?.commit ?? null) === null
    if (!there && !known) return true
    const put = new Map(known ? [[layoutPath, layoutFile({ version: 1, blobs })]] : [])
    if (await commitTo(access, { title: `Remove ${key}`, put, remove: there ? [path] : [], parent: now.commit })) return true
  }
  throw changedAgainAndAgain(access, key)
}

const changedAgainAndAgain = (access: HubAccess, key: string) =>
  storeErrors.MNAS_ZOO_WRITE({ location: locationOf(access), key, reason: 'others changed it meanwhile, again and again' })

async function hashAt(access: HubAccess, commit: string, key: string): Promise<Hash | null> {
  const found = await wholeFileAt(access, commit, key, catalogueLimits.zooBytes)
  return found && hashBytes(found.bytes)
}

async function entriesIn(created: ReadonlyMap<string, FileSource>): Promise<readonly Uint8Array[]> {
  const sources = [...created].filter(([key]) => /^entries\/.*\/entry\.json$/.test(key)).map(([, source]) => source)
  const entries = await Promise.all(sources.map((source) => ('bytes' in source ? source.bytes : readFile(source.path))))
  return entries.filter(({ length }) => length <= entryLimits.entryBytes)
}

const hashOf = (source: FileSource) => ('bytes' in source ? hashBytes(source.bytes) : hashFile(source.path))
