import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { storeConformance } from '@mnas/core/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import https from '#internal/stores/https/https-factory.js'
import { temporaryFolder } from '../../../../test/support/temporary-folder.js'
import { cutAfter, type FileServer, html, startFileServer, status, untypedHtml } from '../support/file-server.js'
import { storeSurroundings } from '../support/store-surroundings.js'

async function place() {
  const { path, remove } = await temporaryFolder('https')
  const server = await startFileServer(path)
  return {
    open: () => https.open(server.url, storeSurroundings(path)),
    async put(files: ReadonlyMap<string, Uint8Array>) {
      for (const [key, bytes] of files) {
        await mkdir(dirname(join(path, key)), { recursive: true })
        await writeFile(join(path, key), bytes)
      }
    },
    async remove() {
      await server.close()
      await remove()
    },
  }
}

describe('the store "https" is one', () => {
  for (const { name, run } of storeConformance(place, { access: 'read' })) it(name, run)
})

describe('a web server as a zoo', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let [server, other]: FileServer[] = []
  beforeAll(async () => {
    folder = await temporaryFolder('https')
    await writeFile(join(folder.path, 'zoo.json.gz'), 'a list')
    ;[server, other] = [await startFileServer(folder.path), await startFileServer(folder.path)]
  })
  afterAll(async () => {
    await Promise.all([server!.close(), other!.close()])
    await folder.remove()
  })
  afterEach(() => vi.unstubAllEnvs())
  const open = () => https.open(`${server!.url}/`, storeSurroundings(folder.path))
  const read = async () => (await open()).read('zoo.json.gz', 1000)
  const last = ({ requests }: FileServer) => requests.at(-1)!

  it('says who asks', async () => {
    await read()
    expect(last(server!)).toMatchObject({ path: '/zoo.json.gz', agent: 'mnas/0.1.0', authorization: undefined })
  })

  it('comes back when the server says so, or a little later', async () => {
    server!.fail(/zoo/, status(429, { 'retry-after': '0' }), status(500), status(503))
    expect((await read())?.bytes).toHaveLength(6)
  })

  it('tells instead of waiting for an hour', async () => {
    server!.fail(/zoo/, status(429, { 'retry-after': '3600' }))
    await expect(read()).rejects.toThrow(/3600 s/)
    const date = new Date()
    const later = new Date(date.getTime() + 7_200_000).toUTCString()
    server!.fail(/zoo/, status(503, { 'retry-after': later, date: date.toUTCString() }))
    await expect(read()).rejects.toThrow(/7200 s/)
  })

  it.each([
    [status(401), 'MNAS_ZOO_REFUSED'],
    [status(403), 'MNAS_ZOO_REFUSED'],
    [status(418), 'MNAS_ZOO_UNREACHABLE'],
    [status(416), 'MNAS_ZOO_UNREACHABLE'],
    [html, 'MNAS_ZOO_HTML'],
    [untypedHtml, 'MNAS_ZOO_HTML'],
    [cutAfter(3), 'MNAS_ZOO_UNREACHABLE'],
    [status(302, { location: 'file:///etc/passwd' }), 'MNAS_ZOO_UNREACHABLE'],
  ])('names what went wrong (%#)', async (fault, code) => {
    server!.fail(/zoo/, fault)
    await expect(read()).rejects.toMatchObject({ code })
  })

  it('gives up when the server does', async () => {
    server!.fail(/zoo/, ...Array.from({ length: 4 }, () => status(500, { 'retry-after': '0' })))
    await expect(read()).rejects.toMatchObject({ code: 'MNAS_ZOO_UNREACHABLE' })
  })

  it('takes 404 and 410 for nothing there', async () => {
    server!.fail(/zoo/, status(404), status(410))
    expect([await read(), await read()]).toEqual([null, null])
  })

  it('begins anew where the server cannot go on', async () => {
    const stream = (await open()).stream('zoo.json.gz', 3, new AbortController().signal)
    expect((await stream).from).toBe(3)
    server!.fail(/zoo/, status(416))
    const again = (await open()).stream('zoo.json.gz', 3, new AbortController().signal)
    expect((await again).from).toBe(0)
  })

  it('gives a token to its host, and to no other that the host leads to', async () => {
    vi.stubEnv('MNAS_ZOO_TOKENS', `elsewhere=x, ${server!.host}=secret`)
    await read()
    expect(last(server!).authorization).toBe('Bearer secret')
    server!.fail(/zoo/, status(302, { location: `${other!.url}/zoo.json.gz` }))
    expect((await read())?.bytes).toHaveLength(6)
    expect(last(other!).authorization).toBeUndefined()
    server!.fail(/zoo/, status(307, { location: `${other!.url}/back` }))
    other!.fail(/back/, status(307, { location: `${server!.url}/zoo.json.gz` }))
    await read()
    expect(last(server!).authorization).toBeUndefined()
  })

  it('goes round no circle', async () => {
    server!.fail(/zoo/, ...Array.from({ length: 6 }, () => status(302, { location: '/zoo.json.gz' })))
    await expect(read()).rejects.toThrow(/redirects more than 5 times/)
  })

  it('takes tokens out of a file that only its owner may read', async () => {
    vi.stubEnv('XDG_CONFIG_HOME', folder.path)
    const path = join(folder.path, 'mnas', 'zoo-tokens.json')
    await mkdir(dirname(path))
    await writeFile(path, JSON.stringify({ [server!.host]: 'kept' }), { mode: 0o644 })
    await expect(open()).rejects.toMatchObject({ code: 'MNAS_ZOO_TOKENS' })
    await chmod(path, 0o600)
    await read()
    expect(last(server!).authorization).toBe('Bearer kept')
    await writeFile(path, '{"broken')
    await expect(open()).rejects.toMatchObject({ code: 'MNAS_ZOO_TOKENS' })
  })

  it('is an address without secrets', async () => {
    for (const location of ['https://me:secret@example.org/zoo', 'https://example.org/zoo?token=x', 'https://', 'zoo'])
      await expect(https.open(location, storeSurroundings(folder.path))).rejects.toMatchObject({ code: 'MNAS_ZOO_LOCATION' })
    await expect(https.open('https://me:secret@example.org', storeSurroundings(folder.path))).rejects.not.toThrow(/secret/)
  })

  it('says that nobody is there', async () => {
    const gone = await startFileServer(folder.path)
    await gone.close()
    const store = await https.open(gone.url, storeSurroundings(folder.path))
    await expect(store.read('zoo.json.gz', 10)).rejects.toThrow(/nobody answers there/)
  })
})
