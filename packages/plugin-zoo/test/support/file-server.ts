import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

/** How a server fails: with the file that was asked for (from the byte that was asked for, where that can be). */
export type Fault = (asked: Asked, response: ServerResponse) => void

export interface Asked {
  readonly bytes: Uint8Array
  readonly from: number
  readonly request: IncomingMessage
}

export interface SeenRequest {
  readonly path: string
  readonly range: string | undefined
  readonly authorization: string | undefined
  readonly agent: string | undefined
}

export interface FileServer {
  readonly url: string
  readonly host: string
  readonly requests: readonly SeenRequest[]
  /** Of bodies, in all. */
  readonly servedBytes: number
  /** The next requests for such a path fail so, one after the other. */
  fail(path: RegExp, ...faults: readonly Fault[]): void
  close(): Promise<void>
}

/** A web server for the files below a folder, which does what it is told when it is told to fail. On loopback, at a free port. */
export async function startFileServer(folder: string): Promise<FileServer> {
  const requests: SeenRequest[] = []
  const faults: { readonly path: RegExp; readonly fault: Fault }[] = []
  let servedBytes = 0
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url!, 'http://x').pathname)
    const { range, authorization, 'user-agent': agent } = request.headers
    requests.push({ path, range, authorization, agent })
    const bytes = await readFile(join(folder, path)).catch(() => null)
    const asked = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0)
    const index = faults.findIndex((candidate) => candidate.path.test(path))
    countBytes(response, (count) => {
      servedBytes += count
    })
    if (index !== -1)
      return faults.splice(index, 1)[0]!.fault({ bytes: bytes ?? new Uint8Array(), from: asked, request }, response)
    if (bytes === null) return void response.writeHead(404).end()
    if (asked > 0 && asked >= bytes.length) return void response.writeHead(416).end()
    answerFrom(bytes, asked, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: `http://${host}`,
    host,
    requests,
    get servedBytes() {
      return servedBytes
    },
    fail: (path, ...wanted) => void faults.push(...wanted.map((fault) => ({ path, fault }))),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

function countBytes(response: ServerResponse, count: (bytes: number) => void): void {
  const write = response.write.bind(response) as (chunk: Uint8Array, ...rest: never[]) => boolean
  response.write = ((chunk: Uint8Array, ...rest: never[]) => {
    count(chunk.length)
    return write(chunk, ...rest)
  }) as typeof response.write
}

/** 200, or 206 from the middle. */
export function answerFrom(bytes: Uint8Array, from: number, response: ServerResponse): void {
  const rest = bytes.subarray(from)
  response.writeHead(from > 0 ? 206 : 200, {
    'content-type': 'application/octet-stream',
    'content-length': rest.length,
    ...(from > 0 && { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` }),
  })
  response.write(rest)
  response.end()
}

export const status =
  (code: number, headers: Readonly<Record<string, string>> = {}): Fault =>
  (_, response) =>
    void response.writeHead(code, headers).end()

/** Ends the connection after so many bytes, which arrive. */
export const cutAfter =
  (count: number): Fault =>
  ({ bytes, from }, response) => {
    const rest = bytes.subarray(from)
    const headers = { 'content-length': rest.length, 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` }
    response.writeHead(from > 0 ? 206 : 200, headers)
    response.write(rest.subarray(0, count), () => response.socket?.end())
  }

/** Other bytes than the file's. */
export const changed =
  (change: (bytes: Uint8Array) => Uint8Array): Fault =>
  ({ bytes, from }, response) =>
    answerFrom(change(bytes), from, response)

export const flipped = (at: number) => changed((bytes) => bytes.with(at, bytes[at]! ^ 1))
export const longer = changed((bytes) => new Uint8Array([...bytes, 0]))
export const shorter = changed((bytes) => bytes.subarray(0, -1))

/** Knows no ranges. */
export const withoutRanges: Fault = ({ bytes }, response) => answerFrom(bytes, 0, response)

export const html: Fault = (_, response) => {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
  response.end('<!doctype html><title>Log in</title>')
}
/** As a server does that does not say what it sends. */
export const untypedHtml: Fault = (_, response) => void response.writeHead(200).end('\n<html><title>Log in</title></html>')
