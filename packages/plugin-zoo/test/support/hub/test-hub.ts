import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerFrom } from '../file-server.js'
import { type CommitLine, HubRepository, sha1, sha256 } from './hub-repository.js'

export const hubToken = 'hf_of_the_test'

export interface TestHub {
  readonly url: string
  readonly repositories: Map<string, HubRepository>
  /** `METHOD /path`, and whose token came with it. */
  readonly requests: readonly { readonly line: string; readonly authorization: string | undefined }[]
  /** A commit of somebody else's program. */
  put(repository: string, files: ReadonlyMap<string, Uint8Array>): void
  close(): Promise<void>
}

/** What one request is about, and what the hub knows. */
interface Call {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** Of the path's pattern. */
  readonly parts: readonly string[]
  readonly hub: Known
}

interface Known {
  readonly repositories: Map<string, HubRepository>
  /** Large files, by sha256; they have a host of their own. */
  readonly stored: Map<string, Uint8Array>
  readonly storageUrl: () => string
}

/** As the hub does, from this size on and for packed files. */
const isLarge = ({ path, size }: { readonly path: string; readonly size: number }) => size >= 4096 || path.endsWith('.gz')

const repo = '([^/]+/[^/]+)'
const routes: readonly (readonly [string, RegExp, (call: Call) => void | Promise<void>])[] = [
  ['POST', /^\/api\/repos\/create$/, createRepository],
  ['GET', new RegExp(`^/api/models/${repo}/revision/(.+)$`), describeRevision],
  ['GET', new RegExp(`^/api/models/${repo}/tree/([^/]+)$`), listTree],
  ['POST', new RegExp(`^/api/models/${repo}/preupload/(.+)$`), sayHowToUpload],
  ['POST', new RegExp(`^/${repo}\\.git/info/lfs/objects/batch$`), sayWhereToUpload],
  ['PUT', /^\/storage\/(\w+)$/, storeLargeFile],
  ['GET', /^\/storage\/(\w+)$/, giveLargeFile],
  ['POST', new RegExp(`^/api/models/${repo}/commit/(.+)$`), takeCommit],
  ['GET', new RegExp(`^/${repo}/resolve/([^/]+)/(.+)$`), giveFile],
]

/** As much of the Hugging Face hub as publishing and pulling need. On loopback, at a free port; large files lie at another host, as there. */
export async function startTestHub(): Promise<TestHub> {
  const requests: { line: string; authorization: string | undefined }[] = []
  const known: Known = { repositories: new Map(), stored: new Map(), storageUrl: () => `http://localhost:${port()}/storage` }
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url!, 'http://x').pathname)
    requests.push({ line: `${request.method} ${path}`, authorization: request.headers.authorization })
    for (const [method, pattern, answer] of routes) {
      const parts = pattern.exec(path)
      if (request.method !== method || parts === null) continue
      if (method !== 'GET' && pattern.source.includes('api') && request.headers.authorization !== `Bearer ${hubToken}`)
        return json(response, { error: 'Invalid username or password.' }, 401)
      return answer({ request, response, parts: parts.slice(1), hub: known })
    }
    json(response, { error: 'no such route' }, 404)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const port = () => (server.address() as AddressInfo).port
  return {
    url: `http://127.0.0.1:${port()}`,
    repositories: known.repositories,
    requests,
    put: (repository, files) => putFiles(known, repository, files),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

function putFiles({ repositories, stored }: Known, id: string, files: ReadonlyMap<string, Uint8Array>): void {
  const repository = repositories.get(id) ?? new HubRepository()
  repositories.set(id, repository)
  const lines = [...files].map(([path, bytes]): CommitLine => {
    if (!isLarge({ path, size: bytes.length }))
      return { key: 'file', value: { path, content: Buffer.from(bytes).toString('base64'), encoding: 'base64' } }
    stored.set(sha256(bytes), bytes)
    return { key: 'lfsFile', value: { path, oid: sha256(bytes) } }
  })
  repository.commit(lines, stored)
}

function json(response: ServerResponse, answer: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(answer))
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of request) parts.push(part as Uint8Array)
  return Buffer.concat(parts)
}

async function createRepository({ request, response, hub }: Call) {
  const { name, organization } = JSON.parse((await bodyOf(request)).toString())
  const id = `${organization}/${name}`
  if (hub.repositories.has(id)) return json(response, { error: 'You already created this model repo' }, 409)
  hub.repositories.set(id, new HubRepository())
  json(response, { id, url: `https://hub/${id}` })
}

function describeRevision({ response, parts: [id, revision], hub }: Call) {
  const commit = hub.repositories.get(id!)?.at(revision!)
  return commit ? json(response, { id, sha: commit.id }) : json(response, { error: 'Repository not found' }, 404)
}

function listTree({ response, parts: [id, revision], hub }: Call) {
  const { files } = hub.repositories.get(id!)!.at(revision!)!
  const entries = [...files].map(([path, { bytes, oid }]) => ({
    type: 'file',
    path,
    size: bytes.length,
    oid: sha1(bytes),
    ...(oid && { lfs: { oid, size: bytes.length, pointerSize: 130 } }),
  }))
  json(response, entries)
}

async function sayHowToUpload({ request, response }: Call) {
  const { files } = JSON.parse((await bodyOf(request)).toString()) as {
    readonly files: readonly { readonly path: string; readonly size: number }[]
  }
  json(response, { files: files.map((file) => ({ path: file.path, uploadMode: isLarge(file) ? 'lfs' : 'regular' })) })
}

async function sayWhereToUpload({ request, response, hub }: Call) {
  const { objects } = JSON.parse((await bodyOf(request)).toString()) as { readonly objects: readonly { readonly oid: string }[] }
  const target = (oid: string) => (hub.stored.has(oid) ? {} : { actions: { upload: { href: `${hub.storageUrl()}/${oid}` } } })
  json(response, { transfer: 'basic', objects: objects.map((object) => ({ ...object, ...target(object.oid) })) })
}

async function storeLargeFile({ request, response, parts: [oid], hub }: Call) {
  const bytes = await bodyOf(request)
  if (sha256(bytes) !== oid) return json(response, { error: 'other bytes than announced' }, 422)
  hub.stored.set(oid!, bytes)
  json(response, {})
}

async function takeCommit({ request, response, parts: [id], hub }: Call) {
  const lines = (await bodyOf(request)).toString().split('\n')
  const commit = hub.repositories.get(id!)?.commit(
    lines.map((line) => JSON.parse(line) as CommitLine),
    hub.stored,
  )
  if (commit === undefined) return json(response, { error: 'Repository not found' }, 404)
  if (commit === null) return json(response, { error: 'A commit has happened since.' }, 412)
  json(response, { success: true, commitOid: commit.id, commitUrl: `https://hub/${id}/commit/${commit.id}` })
}

function giveFile({ request, response, parts: [id, revision, path], hub }: Call) {
  const file = hub.repositories.get(id!)?.at(revision!)?.files.get(path!)
  if (!file) return json(response, { error: 'Entry not found' }, 404)
  if (file.oid) return void response.writeHead(302, { location: `${hub.storageUrl()}/${file.oid}` }).end()
  giveBytes(request, response, file.bytes)
}

function giveLargeFile({ request, response, parts: [oid], hub }: Call) {
  giveBytes(request, response, hub.stored.get(oid!)!)
}

function giveBytes(request: IncomingMessage, response: ServerResponse, bytes: Uint8Array) {
  const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
  if (from > 0 && from >= bytes.length) return void response.writeHead(416).end()
  answerFrom(bytes, from, response)
}
