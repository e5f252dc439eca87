import { generateKeyPairSync } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ZooStore } from '@mnas/core/contracts'
import { hashBytes } from '@mnas/core/files'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signAttestation } from '#internal/attest/attestation.js'
import { attestationKey, blobKey, entryKey } from '#internal/catalogue/keys.js'
import { publishInto } from '#internal/publish/publish-into.js'
import { laySite } from '#internal/site/lay-site.js'
import { openStore } from '#internal/zoos/open-store.js'
import { temporaryFolder } from '../../../../test/support/temporary-folder.js'
import { accuracyClaim } from '../support/made-up-entry.js'
import { madeUpPublication } from '../support/made-up-publication.js'
import { zooRegistry } from '../support/open-test-zoo.js'
import { storeSurroundings } from '../support/store-surroundings.js'

const { signal } = new AbortController()

describe('the site of a zoo', () => {
  let temporary: Awaited<ReturnType<typeof temporaryFolder>>
  const weights = new Uint8Array(70_000).fill(7)
  beforeAll(async () => {
    temporary = await temporaryFolder('site')
  })
  afterAll(() => temporary.remove())

  async function zooIn(folder: string): Promise<ZooStore> {
    const store = await openStore(zooRegistry(), join(temporary.path, folder), storeSurroundings(temporary.path))
    for (const release of ['1.0.0', '1.1.0'])
      await publishInto(store, madeUpPublication({ release, files: new Map([['weights.safetensors', weights]]) }), signal)
    return store
  }
  const filesIn = (folder: string) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile())
      .map((file) => join(file.parentPath, file.name).slice(folder.length + 1))
      .filter((path) => !/^(?:assets|litert)\/|\.lock$/.test(path))
      .sort()

  it('holds the page, and the zoo byte for byte', async () => {
    const [zoo, out] = ['zoo', 'site'].map((name) => join(temporary.path, name)) as [string, string]
    const store = await zooIn('zoo')
    expect(await laySite(store, out, signal)).toEqual({ entries: 2, files: 2, copiedBytes: expect.any(Number) })
    const ofZoo = filesIn(zoo).filter((path) => !/^index\//.test(path))
    expect(filesIn(out).filter((path) => !/^index\//.test(path))).toEqual(
      [...ofZoo, 'attestations.json', 'icon.svg', 'index.html', 'licences.md'].sort(),
    )
    for (const path of ofZoo) expect(readFileSync(join(out, path)).equals(readFileSync(join(zoo, path))), path).toBe(true)
    // A shard of before, which no list names any more, stays behind.
    expect(filesIn(out).filter((path) => /^index\//.test(path))).toHaveLength(1)
    expect(await readFile(join(out, 'index.html'), 'utf8')).toContain("script-src 'self' 'wasm-unsafe-eval'")
  })

  it('is brought up to date: what is there is not copied again, what was damaged is', async () => {
    const out = join(temporary.path, 'again')
    const store = await zooIn('zoo-again')
    await laySite(store, out, signal)
    await writeFile(join(out, 'assets', 'old.js'), 'of an earlier version')
    await writeFile(join(out, blobKey(hashBytes(weights))), 'cut short')
    await publishInto(store, madeUpPublication({ release: '2.0.0' }), signal)
    expect(await laySite(store, out, signal)).toMatchObject({ entries: 3, files: 2, copiedBytes: weights.length })
    expect(readdirSync(join(out, 'assets'))).not.toContain('old.js')
  })

  it('holds of what others laid beside an entry only attestations of it', async () => {
    const store = await zooIn('zoo-attested')
    const entry = readFileSync(join(temporary.path, 'zoo-attested', entryKey('me/photos', '1.0.0')))
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    const claims = { accuracy: [accuracyClaim({ basis: 'attested' })], latency: [] }
    const signed = (digest: string, said: object = claims) =>
      signAttestation({ subject: 'me/photos@1.0.0', digest, claims: said as typeof claims }, privateKey)
    const good = signed(hashBytes(entry))
    const others = [
      signed(hashBytes('another')),
      signed(hashBytes(entry), { accuracy: [{ basis: 'attested' }], latency: [] }),
      Buffer.from('{}'),
      Buffer.alloc(2 ** 20 + 1, ' '),
    ]
    const keyOf = (bytes: Uint8Array) => attestationKey('me/photos', '1.0.0', hashBytes(bytes))
    for (const bytes of [good, ...others]) await store.create(keyOf(bytes), { bytes })
    const out = join(temporary.path, 'attested')
    await laySite(store, out, signal)
    expect(JSON.parse(await readFile(join(out, 'attestations.json'), 'utf8'))).toEqual({
      ...{ version: 1, entries: { 'me/photos@1.0.0': [keyOf(good)] } },
    })
    expect(filesIn(out).filter((path) => path.includes('/attestations/'))).toEqual([keyOf(good)])
  })

  it('is laid into no folder of somebody else, and of no zoo that is none or damaged', async () => {
    const store = await zooIn('zoo-bad')
    const taken = join(temporary.path, 'taken')
    await mkdir(taken)
    await writeFile(join(taken, 'thesis.tex'), 'precious')
    await expect(laySite(store, taken, signal)).rejects.toMatchObject({ code: 'MNAS_ZOO_SITE_FOLDER' })
    const empty = await openStore(zooRegistry(), join(temporary.path, 'nothing'), storeSurroundings(temporary.path))
    await expect(laySite(empty, join(temporary.path, 'a'), signal)).rejects.toMatchObject({ code: 'MNAS_ZOO_NONE' })
    await writeFile(join(temporary.path, 'zoo-bad', blobKey(hashBytes(weights))), new Uint8Array(weights.length))
    const out = join(temporary.path, 'damaged')
    await expect(laySite(store, out, signal)).rejects.toMatchObject({ code: 'MNAS_ZOO_DAMAGED' })
    expect(filesIn(out).filter((path) => path.endsWith('zoo.json.gz') || path.endsWith('.tmp'))).toEqual([])
  })
})
