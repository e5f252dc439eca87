import { generateKeyPairSync } from 'node:crypto'
import { access, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signaturePath } from '#internal/cache/cache-paths.js'
import { clearCache } from '#internal/cache/look-at-cache.js'
import { parseEntry } from '#internal/entry/parse-entry.js'
import { publishInto } from '#internal/publish/publish-into.js'
import { pullEntry } from '#internal/pull/pull-entry.js'
import { signEntry, signZoo } from '#internal/signatures/sign-files.js'
import type { TrustList, TrustMode } from '#internal/signatures/trust-list.js'
import { identityOf } from '#internal/zoos/open-store.js'
import { resolveEntry } from '#internal/zoos/resolve-entry.js'
import { temporaryFolder } from '../../../../test/support/temporary-folder.js'
import { type FileServer, startFileServer } from '../support/file-server.js'
import { madeUpPublication } from '../support/made-up-publication.js'
import { openTestZoo } from '../support/open-test-zoo.js'

const never = new AbortController().signal
const ours = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const theirs = generateKeyPairSync('ec', { namedCurve: 'P-256' })
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let server: FileServer
const at = (...path: readonly string[]) => join(folder.path, ...path)

beforeAll(async () => {
  folder = await temporaryFolder('trust')
  const { store } = await openTestZoo(at('zoo'), at('cache'), { trust: [] })
  const signed = madeUpPublication({ name: 'me/signed' })
  const entry = parseEntry(signed.entry, { location: 'zoo', key: 'entry.json' })
  const signature = signEntry(signed.entry, entry, ours.privateKey)
  await publishInto(store, { ...signed, signature }, never)
  const signList = async (stored: Uint8Array) => signZoo(stored, ours.privateKey)
  await publishInto(store, madeUpPublication({ name: 'me/unsigned' }), never, { signList })
  server = await startFileServer(at('zoo'))
})
afterAll(async () => {
  await server.close()
  await folder.remove()
})

const trusting = (pattern: string, mode: TrustMode, { publicKey: key } = ours): TrustList => [{ pattern, mode, key }]
let count = 0
async function pull(name: string, trust: TrustList, offline = false) {
  const warnings: string[] = []
  const around = { cacheFolder: at('cache'), signal: never, warn: (text: string) => void warnings.push(text) }
  const zoo = await openTestZoo(server.url, at('cache'), { trust, offline, around })
  const found = await resolveEntry([zoo], { kind: 'zoo', name, release: null, digest: null })
  await pullEntry(found, { cacheFolder: at('cache'), out: at(`out-${count++}`), signal: never })
  return warnings
}

describe('a pull', () => {
  it('takes what a trusted key signed, and offline too', async () => {
    expect(await pull('me/signed', trusting('me/*', 'enforce'))).toEqual([])
    expect(await pull('me/signed', trusting('me/*', 'enforce'), true)).toEqual([])
  })

  it('refuses what nobody signed, or another, where that is enforced', async () => {
    await expect(pull('me/unsigned', trusting('me/*', 'enforce'))).rejects.toMatchObject({ code: 'MNAS_ZOO_UNSIGNED' })
    const others = pull('me/signed', trusting('me/*', 'enforce', theirs))
    await expect(others).rejects.toMatchObject({ code: 'MNAS_ZOO_KEY_UNKNOWN' })
  })

  it('warns where that is all that was wanted, and asks for nothing where nobody is trusted', async () => {
    expect(await pull('me/unsigned', trusting('me/*', 'warn'))).toEqual([expect.stringContaining('me/unsigned@1.0.0')])
    const asked = server.requests.length
    expect(await pull('me/unsigned', trusting('you/*', 'enforce'))).toEqual([])
    expect(server.requests.slice(asked).filter(({ path }) => path.endsWith('.sig'))).toEqual([])
  })

  it('asks once more for a signature that does not check out, and keeps what it gets', async () => {
    const path = signaturePath(at('cache'), madeUpPublication({ name: 'me/signed' }).summary.digest)
    await pull('me/signed', trusting('me/*', 'enforce'))
    const signature = await readFile(path)
    await writeFile(path, 'damaged')
    await expect(pull('me/signed', trusting('me/*', 'enforce'), true)).rejects.toMatchObject({
      code: 'MNAS_ZOO_SIGNATURE_DAMAGED',
    })
    expect(await pull('me/signed', trusting('me/*', 'enforce'))).toEqual([])
    expect(await readFile(path)).toEqual(signature)
    const asked = server.requests.length
    await pull('me/signed', trusting('me/*', 'enforce'))
    expect(server.requests.slice(asked).filter(({ path: one }) => one.endsWith('.sig'))).toEqual([])
  })

  it('keeps no signature in a cache that is cleared', async () => {
    await pull('me/signed', trusting('me/*', 'enforce'))
    await clearCache(at('cache'))
    await expect(access(signaturePath(at('cache'), madeUpPublication({ name: 'me/signed' }).summary.digest))).rejects.toThrow()
    await pull('me/signed', trusting('me/*', 'enforce'))
  })

  it("holds the zoo's list against who is trusted for the zoo", async () => {
    const zoo = identityOf(server.url)
    expect(await pull('me/unsigned', trusting(zoo, 'enforce'))).toEqual([])
    await expect(pull('me/unsigned', trusting(zoo, 'enforce', theirs))).rejects.toMatchObject({ code: 'MNAS_ZOO_KEY_UNKNOWN' })
  })
})
