import { generateKeyPairSync } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hashBytes } from '@mnas/core/files'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { clearCache } from '#internal/cache/look-at-cache.js'
import { attestationKey } from '#internal/catalogue/keys.js'
import { parseEntry } from '#internal/entry/parse-entry.js'
import { publishInto } from '#internal/publish/publish-into.js'
import { signEntry } from '#internal/signatures/sign-files.js'
import type { TrustList, TrustMode } from '#internal/signatures/trust-list.js'
import { checkAttestations } from '#internal/verify/check-attestations.js'
import { checkEntrySignature } from '#internal/verify/check-entry-signature.js'
import type { EntryFolder } from '#internal/verify/entry-folder.js'
import { withEntryFolder } from '#internal/verify/fetch-entry-folder.js'
import { resolveEntry } from '#internal/zoos/resolve-entry.js'
import { temporaryFolder } from '../../../../test/support/temporary-folder.js'
import { type FileServer, startFileServer } from '../support/file-server.js'
import { madeUpPublication } from '../support/made-up-publication.js'
import { openTestZoo } from '../support/open-test-zoo.js'

const never = new AbortController().signal
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const publication = madeUpPublication({ files: new Map([['weights.safetensors', new Uint8Array(1000).fill(3)]]) })
const signature = signEntry(publication.entry, parseEntry(publication.entry, { location: 'test', key: 'entry.json' }), privateKey)
const attestation = new TextEncoder().encode('{}')
const trusting = (mode: TrustMode): TrustList => [{ pattern: 'me/*', mode, key: publicKey }]
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let server: FileServer
const at = (...path: readonly string[]) => join(folder.path, ...path)
beforeEach(async () => {
  folder = await temporaryFolder('entry-folder')
  const { store } = await openTestZoo(at('zoo'), at('cache'))
  await publishInto(store, { ...publication, signature }, never)
  await store.create(attestationKey('me/photos', '1.0.0', hashBytes(attestation)), { bytes: attestation })
  server = await startFileServer(at('zoo'))
})
afterEach(async () => {
  await server.close()
  await folder.remove()
})

async function fetched<T>(location: string, offline: boolean, use: (entry: EntryFolder) => Promise<T>): Promise<T> {
  const zoo = await openTestZoo(location, at('cache'), { offline })
  const found = await resolveEntry([zoo], { kind: 'zoo', name: 'me/photos', release: null, digest: null })
  return withEntryFolder(found, at('cache'), never, use)
}

describe('an entry that is fetched to be verified', () => {
  it('is the one that was asked for, with its files alone in its folder', async () => {
    await fetched(at('zoo'), false, async (entry) => {
      expect(entry).toMatchObject({ digest: publication.summary.digest, attestations: [attestation] })
      expect(hashBytes(entry.entryBytes)).toBe(entry.digest)
      expect(Buffer.from(entry.signature as Uint8Array)).toEqual(Buffer.from(signature))
      expect((await readdir(entry.folder)).sort()).toEqual(['model.json', 'weights.safetensors'])
      expect(await readFile(join(entry.folder, 'weights.safetensors'))).toHaveLength(1000)
    })
  })

  it('is there without any connection once it was fetched, with its signature', async () => {
    await fetched(server.url, false, async () => undefined)
    const asked = server.requests.length
    await fetched(server.url, true, async (entry) => {
      expect(checkEntrySignature(entry, trusting('enforce'))).toMatchObject({ row: { holds: true }, barred: false })
      expect(checkAttestations(entry, trusting('enforce'))).toMatchObject([{ got: 'not known: offline', comparable: false }])
    })
    expect(server.requests).toHaveLength(asked)
  })

  it('is unknown by its signature where the cache has none: a failure where one is enforced', async () => {
    await fetched(server.url, false, async () => undefined)
    const files = await fetched(server.url, true, async (entry) => entry)
    const unseen = { ...files, signature: 'unseen' } as const
    expect(checkEntrySignature(unseen, [])).toMatchObject({ row: { comparable: false, holds: null }, barred: false })
    expect(checkEntrySignature(unseen, trusting('warn'))).toMatchObject({ row: { holds: null }, barred: false })
    expect(checkEntrySignature(unseen, trusting('enforce'))).toMatchObject({ row: { holds: false }, barred: true })
    await clearCache(at('cache'))
    await expect(fetched(server.url, true, async () => undefined)).rejects.toMatchObject({ code: 'MNAS_ZOO_OFFLINE' })
  })
})
