import { hashBytes } from '@mnas/core/files'
import { storeConformance } from '@mnas/core/testing'
import { describe, expect, it, vi } from 'vitest'
import { blobKey } from '#internal/catalogue/keys.js'
import { readCatalogue } from '#internal/catalogue/read-catalogue.js'
import { publishInto } from '#internal/publish/publish-into.js'
import { pullEntry } from '#internal/pull/pull-entry.js'
import hf from '#internal/stores/hf/hf-factory.js'
import { hubAccess } from '#internal/stores/hf/hub-access.js'
import { resolveEntry } from '#internal/zoos/resolve-entry.js'
import { hubToken } from '../support/hub/test-hub.js'
import { useTestHub } from '../support/hub/use-test-hub.js'
import { madeUpPublication } from '../support/made-up-publication.js'
import { openTestZoo } from '../support/open-test-zoo.js'
import { storeSurroundings } from '../support/store-surroundings.js'

const used = useTestHub('hf-store')
let count = 0

const open = (location: string) => hf.open(location, storeSurroundings('/nowhere'))
async function place() {
  const location = `hf:me/place-${count++}`
  return { open: () => open(location), remove: async () => {} }
}

describe('the store "hf" is one', () => {
  for (const { name, run } of storeConformance(place, { access: 'write' })) it(name, run)
})

describe('a repository of the hub as a zoo', () => {
  const never = new AbortController().signal
  const weights = (seed: number) => new Uint8Array(5000).map((_, index) => (index * seed) % 251)
  const release = (version: string, seed: number) =>
    madeUpPublication({
      name: 'me/photos',
      release: version,
      files: new Map([
        ['weights.safetensors', weights(seed)],
        [`exports/photos-${version}.tflite`, weights(seed + 1)],
      ]),
    })
  const paths = (repo: string) => [...used.hub.repositories.get(repo)!.head.files.keys()].sort()
  const newest = { kind: 'zoo', name: 'me/photos', release: null, digest: null } as const

  it('shows a release as people expect it, in one commit', async () => {
    await publishInto(await open('hf:me/shown'), release('1.0.0', 7), never)
    expect(used.hub.repositories.get('me/shown')!.commits).toHaveLength(2)
    const shown = ['README.md', 'entry.json', 'exports/photos-1.0.0.tflite', 'model.json', 'weights.safetensors']
    expect(paths('me/shown')).toEqual(expect.arrayContaining(shown))
    expect(paths('me/shown').filter((path) => path.startsWith('blobs/'))).toEqual([])
  })

  it('keeps what an earlier release holds, and shows the newest', async () => {
    await publishInto(await open('hf:me/two'), release('1.0.0', 7), never)
    await publishInto(await open('hf:me/two'), release('1.1.0', 11), never)
    expect(paths('me/two')).toContain('exports/photos-1.1.0.tflite')
    expect(paths('me/two')).not.toContain('exports/photos-1.0.0.tflite')
    for (const [version, seed] of [
      ['1.0.0', 7],
      ['1.1.0', 11],
    ] as const) {
      const zoo = await openTestZoo('hf:me/two', used.path)
      const out = `${used.path}/${version}`
      const wish = { cacheFolder: used.path, out, signal: never }
      const pulled = await pullEntry(await resolveEntry([zoo], { ...newest, release: version }), wish)
      const files = pulled.entry.files.map(({ sha256 }) => sha256)
      expect(files).toContain(hashBytes(weights(seed)))
    }
  })

  it('can be read as it was, and then only read', async () => {
    await publishInto(await open('hf:me/state'), release('1.0.0', 7), never)
    const { id } = used.hub.repositories.get('me/state')!.head
    await publishInto(await open('hf:me/state'), release('2.0.0', 11), never)
    const earlier = await open(`hf:me/state@${id}`)
    expect(earlier.access).toBe('read')
    expect(await earlier.read(blobKey(hashBytes(weights(11))), 10_000)).toBeNull()
    await expect(earlier.create('index/00-0.json.gz', { bytes: weights(1) })).rejects.toMatchObject({
      code: 'MNAS_ZOO_READ_ONLY',
    })
  })

  it('keeps both of two who publish at once', async () => {
    const names = ['1.0.0', '1.1.0', '1.2.0']
    await Promise.all(names.map(async (name, index) => publishInto(await open('hf:me/race'), release(name, 7 + index), never)))
    const catalogue = await readCatalogue(await open('hf:me/race'))
    expect(catalogue?.list).toMatchObject({ entries: 3, generation: 3 })
  })

  it('leaves the token with the hub', async () => {
    await publishInto(await open('hf:me/token'), release('1.0.0', 7), never)
    await (await open('hf:me/token')).read(blobKey(hashBytes(weights(7))), 10_000)
    const large = used.hub.requests.filter(({ line }) => line.includes('/storage/'))
    expect(large.length).toBeGreaterThan(0)
    expect(large.map(({ authorization }) => authorization)).toEqual(large.map(() => undefined))
  })

  it('says what a token is needed for', async () => {
    vi.stubEnv('HF_TOKEN', '')
    const publishing = publishInto(await open('hf:me/refused'), release('1.0.0', 7), never)
    await expect(publishing).rejects.toThrow(/HF_TOKEN/)
    await expect(publishing).rejects.toMatchObject({ code: 'MNAS_ZOO_WRITE' })
  })

  it.each([
    ['https://hub.example.org', hubToken],
    ['http://localhost:8080', hubToken],
    ['http://[::1]:8080', hubToken],
    ['http://mirror.lan', null],
    ['http://127.0.0.1.example.org', null],
  ])('gives a token by TLS, or to this computer itself: %s', (url, token) => {
    expect(hubAccess('hf:me/x', never, { HF_ENDPOINT: url, HF_TOKEN: hubToken })).toMatchObject({ hubUrl: url, token })
  })

  it.each(['ftp://hub', 'file:///hub', 'hub.example.org'])('is of no hub such as %s', (url) => {
    expect(() => hubAccess('hf:me/x', never, { HF_ENDPOINT: url })).toThrow(/HF_ENDPOINT/)
  })

  it('is named OWNER/NAME', async () => {
    for (const location of ['hf:photos', 'hf:me/../x', 'hf:me/photos/x', 'https://hub'])
      await expect(open(location)).rejects.toMatchObject({ code: 'MNAS_ZOO_LOCATION' })
  })
})
