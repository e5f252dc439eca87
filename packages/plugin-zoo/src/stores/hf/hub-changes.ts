import { pathToFileURL } from 'node:url'
import type { CommitOperation, HubApiError } from '@huggingface/hub'
import type { FileSource } from '@mnas/core/contracts'
import { storeErrors } from '@mnas/core/errors'
import { networkReason } from '../http/network-reason.js'
import { type HubAccess, locationOf } from './hub-access.js'
import { branch, placeOf } from './hub-repo.js'

export interface HubCommit {
  readonly title: string
  /** By path. */
  readonly put: ReadonlyMap<string, FileSource>
  readonly remove: readonly string[]
  /** The commit that it stands upon, and no other. */
  readonly parent: string
}

/** @returns false when there is a later commit than the parent. @throws MNAS_ZOO_WRITE */
export async function commitTo(access: HubAccess, { title, put, remove, parent }: HubCommit): Promise<boolean> {
  const { commit } = await import('@huggingface/hub')
  const operations: CommitOperation[] = [
    ...remove.map((path) => ({ operation: 'delete' as const, path })),
    ...[...put].map(([path, source]) => ({ operation: 'addOrUpdate' as const, path, content: contentOf(source) })),
  ]
  try {
    await commit({
      ...credentials(access),
      repo: repoOf(access),
      branch,
      title,
      operations,
      parentCommit: parent,
      abortSignal: AbortSignal.any([access.signal]),
    })
    return true
  } catch (error) {
    access.signal.throwIfAborted()
    if ([409, 412].includes(statusOf(error))) return false
    throw cannotWrite(access, title, error)
  }
}

const contentOf = (source: FileSource) =>
  'bytes' in source ? new Blob([Uint8Array.from(source.bytes)]) : pathToFileURL(source.path)

/** A new repository, or one that somebody has just made. @param head asks for its commit. @throws MNAS_ZOO_WRITE */
export async function createRepo(access: HubAccess, head: () => Promise<string | null>): Promise<string> {
  const hub = await import('@huggingface/hub')
  try {
    // The library's type wants a token; without one the hub says what it thinks of that.
    await hub.createRepo({ ...credentials(access), repo: repoOf(access), accessToken: access.token ?? '' })
  } catch (error) {
    if (statusOf(error) !== 409) throw cannotWrite(access, 'the repository', error)
  }
  const commit = await head()
  if (commit === null) throw cannotWrite(access, 'the repository', new Error('it was made and is not there'))
  return commit
}

/** A file as the hub lists it. */
export interface ListedFile {
  readonly path: string
  readonly sizeBytes: number
  /** Of a large file: others have none there. */
  readonly sha256: string | null
}

/** All files at a commit. @throws MNAS_ZOO_UNREACHABLE */
export async function listRepo(access: HubAccess, commit: string): Promise<readonly ListedFile[]> {
  const { listFiles } = await import('@huggingface/hub')
  const files: ListedFile[] = []
  try {
    const listed = listFiles({ ...credentials(access), repo: repoOf(access), revision: commit, recursive: true })
    for await (const { type, path, size, lfs } of listed)
      if (type === 'file') files.push({ path, sizeBytes: size, sha256: lfs?.oid ?? null })
  } catch (error) {
    const { location, key } = placeOf(access, 'the list of files')
    throw storeErrors.MNAS_ZOO_UNREACHABLE({ location, key, reason: reasonOf(error) }, error)
  }
  return files
}

const repoOf = ({ repo }: HubAccess) => ({ type: 'model' as const, name: repo })
const credentials = ({ hubUrl, token }: HubAccess) => ({ hubUrl, ...(token !== null && { accessToken: token }) })
const statusOf = (error: unknown) => (error as Partial<HubApiError>).statusCode ?? 0

function reasonOf(error: unknown): string {
  const status = statusOf(error)
  if (status === 401 || status === 403) return `status ${status}: HF_TOKEN must be a token that may write there`
  if (status !== 0) return `status ${status}: ${(error as Error).message}`
  return networkReason((error as { readonly cause?: unknown }).cause ?? error)
}

const cannotWrite = (access: HubAccess, key: string, error: unknown) =>
  storeErrors.MNAS_ZOO_WRITE({ location: locationOf(access), key, reason: reasonOf(error) }, error)
