import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { hashBytes } from '@mnas/core/files'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { blobPath, partPath } from '#internal/cache/cache-paths.js'
import { fetchBlob } from '#internal/cache/fetch-blob.js'
import { requireSpace } from '#internal/cache/require-space.js'
import { blobKey } from '#internal/catalogue/keys.js'
import https from '#internal/stores/https/https-factory.js'
import { temporaryFolder } from '../../../../test/support/temporary-folder.js'
import {
  changed,
  cutAfter,
  type FileServer,
  flipped,
  html,
  longer,
  shorter,
  startFileServer,
  status,
  withoutRanges,
} from '../support/file-server.js'
import { storeSurroundings } from '../support/store-surroundings.js'

const size = 2_000_000
const bytes = new Uint8Array(size).map((_, index) => (index * 7919 + (index >> 8)) % 251)
const sha256 = hashBytes(bytes)
const key = blobKey(sha256)
const never = new AbortController().signal
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let server: FileServer
beforeEach(async () => {
  folder = await temporaryFolder('fetch')
  await put(join(folder.path, 'zoo', key), bytes)
  server = await startFileServer(join(folder.path, 'zoo'))
})
afterEach(async () => {
  await server.close()
  await folder.remove()
})
async function put(path: string, content: Uint8Array) {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content)
}
const cache = () => join(folder.path, 'cache')
const part = () => partPath(cache(), sha256)

async function fetch(signal = never) {
  const store = await https.open(server.url, storeSurroundings(folder.path))
  const path = await fetchBlob(cache(), store, key, { sha256, sizeBytes: size }, signal)
  return hashBytes(await readFile(path))
}

describe('fetching a blob', () => {
  it('goes on after five cuts, and asks for hardly a byte twice', async () => {
    server.fail(/blobs/, ...Array.from({ length: 5 }, () => cutAfter(300_000)))
    expect(await fetch()).toBe(sha256)
    expect(server.servedBytes).toBeLessThanOrEqual(1.02 * size)
    expect(server.requests).toHaveLength(6)
    expect(await readdir(dirname(blobPath(cache(), sha256)))).toEqual([sha256])
  })

  it('goes on from what an ended process left', async () => {
    await put(part(), bytes.subarray(0, 1_500_000))
    expect(await fetch()).toBe(sha256)
    expect(server.requests.map(({ range }) => range)).toEqual(['bytes=1500000-'])
  })

  it.each([
    ['of something else', () => new Uint8Array(1000)],
    ['of something else, and as long', () => new Uint8Array(size)],
    ['too long', () => new Uint8Array(size + 1)],
  ])('discards a beginning that is %s', async (_, stale) => {
    await put(part(), stale())
    expect(await fetch()).toBe(sha256)
  })

  it('begins anew with a server that knows no ranges', async () => {
    server.fail(/blobs/, cutAfter(500_000), withoutRanges)
    expect(await fetch()).toBe(sha256)
  })

  it.each([
    ['a flipped bit', flipped(1_234_567)],
    ['a byte more', longer],
    ['a byte less', shorter],
    ['nothing at all', changed(() => new Uint8Array())],
  ])('is not deceived by %s: one more download, then an error with both hashes', async (_, fault) => {
    server.fail(/blobs/, fault)
    expect(await fetch()).toBe(sha256)
    await rm(blobPath(cache(), sha256))
    server.fail(/blobs/, fault, fault)
    await expect(fetch()).rejects.toMatchObject({ code: 'MNAS_ZOO_HASH', message: expect.stringContaining(sha256) })
    expect(await fetch()).toBe(sha256)
  })

  it.each([
    [[status(404)], 'MNAS_ZOO_MISSING'],
    [[status(401)], 'MNAS_ZOO_REFUSED'],
    [[html], 'MNAS_ZOO_HTML'],
  ])('names what is no blob (%#)', async (faults, code) => {
    server.fail(/blobs/, ...faults)
    await expect(fetch()).rejects.toMatchObject({ code })
    expect(await readdir(dirname(part()))).toEqual([`${sha256}.part`])
  })

  it('waits out a server that is overloaded', async () => {
    server.fail(/blobs/, status(429, { 'retry-after': '0' }), status(503), cutAfter(400_000), status(500))
    expect(await fetch()).toBe(sha256)
  })

  it('gives up when nothing comes any more, and keeps what came', async () => {
    server.fail(/blobs/, cutAfter(700_000), ...Array.from({ length: 8 }, () => cutAfter(0)))
    await expect(fetch()).rejects.toMatchObject({ code: 'MNAS_ZOO_UNREACHABLE' })
    expect(hashBytes(await readFile(part()))).toBe(hashBytes(bytes.subarray(0, 700_000)))
    expect(await fetch()).toBe(sha256)
  })

  it('ends when nobody wants it any more', async () => {
    const controller = new AbortController()
    server.fail(/blobs/, ({ bytes: whole }, response) => {
      response.writeHead(200, { 'content-length': whole.length })
      response.write(whole.subarray(0, 1000), () => controller.abort(new Error('no more')))
    })
    await expect(fetch(controller.signal)).rejects.toThrow('no more')
    expect(await fetch()).toBe(sha256)
  })

  it('happens once for many who want it at once', async () => {
    expect(await Promise.all(Array.from({ length: 5 }, () => fetch()))).toEqual(Array(5).fill(sha256))
    expect(server.requests).toHaveLength(1)
  })

  it('looks at the disk first', async () => {
    await expect(requireSpace([{ folder: folder.path, bytes: 2 ** 60 }])).rejects.toMatchObject({ code: 'MNAS_ZOO_DISK' })
    await requireSpace([{ folder: join(folder.path, 'not', 'there', 'yet'), bytes: 1 }])
  })
})
