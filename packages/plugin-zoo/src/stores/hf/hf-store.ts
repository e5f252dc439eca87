import { readFile } from 'node:fs/promises'
import type { FileSource, StoredFile, ZooStore } from '@mnas/core/contracts'
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

/**
 * A repository holds whole commits: what was created is sent when the list is replaced, all in one, upon the commit that the list was read from.
 * Between two looks at the list everything is read from the same commit.
 */
export class HfStore implements ZooStore {
  readonly location: string
  readonly access: 'read' | 'write'
  readonly #hub: HubAccess
  readonly #created = new Map<string, FileSource>()
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
    const now = await this.#current()
    const at = now && placeIn(now, key)
    // A blob is what its name says; of an earlier release it is shown again.
    if (at?.shown) return
    const there = now && hashOfBlobKey(key) === null ? await this.read(key, catalogueLimits.shardBytes) : null
    if (there === null) this.#created.set(key, source)
    else if (hashBytes(there.bytes) !== (await hashOf(source))) throw storeErrors.MNAS_ZOO_TAKEN({ location: this.location, key })
  }

  async replace(key: string, bytes: Uint8Array, expected: string | null): Promise<boolean> {
    this.#requireWritable()
    const parent = expected ?? (await emptyHead(this.#hub, key))
    if (parent === null) return false
    const layout = await readLayout(this.#hub, parent)
    const all = new Map<string, FileSource>([...this.#created, [key, { bytes }]])
    const placed = place(all, await entriesIn(this.#created), layout, parent)
    const put = new Map([...placed.put, [layoutPath, layoutFile(placed.layout)]])
    if (!(await commitTo(this.#hub, { title: `Change ${key}`, put, remove: placed.remove, parent }))) return false
    this.#created.clear()
    this.#state = undefined
    return true
  }

  async remove(key: string): Promise<void> {
    this.#requireWritable()
    this.#created.delete(key)
    await removeFrom(this.#hub, key)
    this.#state = undefined
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

const layoutFile = (layout: RepoLayout): FileSource => ({ bytes: new TextEncoder().encode(jsonText(layout)) })

async function readState(access: HubAccess): Promise<RepoState | null> {
  const commit = await headCommit(access)
  return commit === null ? null : { commit, layout: await readLayout(access, commit) }
}

async function readLayout(access: HubAccess, commit: string): Promise<RepoLayout> {
  const found = await wholeFileAt(access, commit, layoutPath, layoutLimit)
  if (found === null) return emptyLayout
  return readForeignJson(found.bytes, { location: locationOf(access), key: layoutPath }, layoutSchema, layoutDepth)
}

/** The commit of a repository without that file, which is made where there is none; null when the file is there. */
async function emptyHead(access: HubAccess, key: string): Promise<string | null> {
  const head = (await headCommit(access)) ?? (await createRepo(access, () => headCommit(access)))
  return (await wholeFileAt(access, head, key, catalogueLimits.zooBytes)) === null ? head : null
}

const attempts = 5

async function removeFrom(access: HubAccess, key: string): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const now = await readState(access)
    if (now === null) return
    const hash = hashOfBlobKey(key)
    const { [hash ?? '']: known, ...blobs } = now.layout.blobs
    const path = known?.path ?? key
    const there = (await listRepo(access, now.commit)).some((file) => file.path === path) && (known?.commit ?? null) === null
    if (!there && !known) return
    const put = new Map(known ? [[layoutPath, layoutFile({ version: 1, blobs })]] : [])
    if (await commitTo(access, { title: `Remove ${key}`, put, remove: there ? [path] : [], parent: now.commit })) return
  }
  throw storeErrors.MNAS_ZOO_WRITE({ location: locationOf(access), key, reason: 'others changed it meanwhile, again and again' })
}

async function entriesIn(created: ReadonlyMap<string, FileSource>): Promise<readonly Uint8Array[]> {
  const sources = [...created].filter(([key]) => /^entries\/.*\/entry\.json$/.test(key)).map(([, source]) => source)
  const entries = await Promise.all(sources.map((source) => ('bytes' in source ? source.bytes : readFile(source.path))))
  return entries.filter(({ length }) => length <= entryLimits.entryBytes)
}

const hashOf = (source: FileSource) => ('bytes' in source ? hashBytes(source.bytes) : hashFile(source.path))
