import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hashBytes, jsonText } from '@mnas/core/files'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { blobPath } from '#internal/cache/cache-paths.js'
import { cacheFacts, checkCache, clearCache } from '#internal/cache/look-at-cache.js'
import { blobKey, entryKey } from '#internal/catalogue/keys.js'
import { type Publication, publishInto } from '#internal/publish/publish-into.js'
import { pullEntry } from '#internal/pull/pull-entry.js'
import { collectGarbage } from '#internal/upkeep/collect-garbage.js'
import { dependantsOf, withdrawRelease } from '#internal/upkeep/withdraw-release.js'
import { resolveEntry } from '#internal/zoos/resolve-entry.js'
import { temporaryFolder } from '../../../../test/support/temporary-folder.js'
import { madeUpPublication } from '../support/made-up-publication.js'
import { openTestZoo } from '../support/open-test-zoo.js'
import { readWholeZoo } from '../support/read-whole-zoo.js'

const never = new AbortController().signal
let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  folder = await temporaryFolder('upkeep')
})
afterEach(() => folder.remove())
const at = (...path: readonly string[]) => join(folder.path, ...path)
const zoo = () => openTestZoo(at('zoo'), at('cache'))
const publish = async (publication: Publication) => publishInto((await zoo()).store, publication, never)
const any = { kind: 'zoo', name: 'me/photos', release: null, digest: null } as const

describe('a release that is withdrawn', () => {
  it('is found by nobody who does not ask for exactly it, until it is taken back', async () => {
    await publish(madeUpPublication({ release: '1.0.0' }))
    const { digest } = await publish(madeUpPublication({ release: '1.1.0' }))
    const { store } = await zoo()
    const wish = { name: 'me/photos', release: '1.1.0', reason: 'two labels are swapped' }
    expect(await withdrawRelease(store, wish, never)).toEqual({ changed: true, generation: 3, digest })
    expect(await withdrawRelease(store, wish, never)).toMatchObject({ changed: false, generation: 3 })
    expect((await resolveEntry([await zoo()], any)).summary.release).toBe('1.0.0')
    expect((await resolveEntry([await zoo()], { ...any, release: '1.1.0' })).summary.yanked).toBe('two labels are swapped')
    expect((await resolveEntry([await zoo()], { ...any, digest })).summary.release).toBe('1.1.0')
    await withdrawRelease(store, { ...wish, reason: null }, never)
    expect((await resolveEntry([await zoo()], any)).summary.release).toBe('1.1.0')
  })

  it('must be there', async () => {
    await publish(madeUpPublication())
    const wish = { name: 'me/photos', release: '9.0.0', reason: 'x' }
    await expect(withdrawRelease((await zoo()).store, wish, never)).rejects.toMatchObject({ code: 'MNAS_ZOO_ENTRY_UNKNOWN' })
  })

  it('says what was made of it', async () => {
    const { digest } = await publish(madeUpPublication())
    await publish(fineTuned('you/birds', digest))
    await publish(fineTuned('you/other', 'ab'.repeat(32)))
    expect(await dependantsOf(await zoo(), 'me/photos', digest, never)).toEqual(['you/birds@1.0.0'])
  })
})

/** Whose weights began with another's. */
function fineTuned(name: string, digest: string): Publication {
  const made = madeUpPublication({ name })
  const entry = JSON.parse(new TextDecoder().decode(made.entry))
  const bytes = new TextEncoder().encode(
    jsonText({ ...entry, lineage: { ...entry.lineage, parent: { name: 'me/photos', digest } } }),
  )
  return { ...made, entry: bytes, summary: { ...made.summary, digest: hashBytes(bytes), entryBytes: bytes.length } }
}

describe('what nothing names', () => {
  it('is removed after an hour, and nothing else', async () => {
    await publish(madeUpPublication())
    await publish(madeUpPublication({ release: '1.1.0' }))
    const { store } = await zoo()
    const orphan = blobKey(hashBytes('of a publish that was broken off'))
    await store.create(orphan, { bytes: new TextEncoder().encode('of a publish that was broken off') })
    await store.create(entryKey('me/never', '1.0.0'), { bytes: new TextEncoder().encode('{}') })
    const collect = async (clock: number, now = false) =>
      collectGarbage(await zoo(), { cacheFolder: at('cache'), now, clock: () => clock, signal: never })
    const first = await collect(0)
    expect(first.removed).toEqual([])
    // The two, and the shard of the first list.
    expect(first.young).toHaveLength(3)
    expect((await collect(3_599_999)).removed).toEqual([])
    expect((await collect(3_600_000)).removed).toEqual(first.young)
    expect(await readWholeZoo(at('zoo'))).toHaveLength(2)
    expect(await collect(9_999_999, true)).toEqual({ removed: [], young: [] })
  })

  it('is not what a publish finds there and names in the end, whenever that is cleaned up', async () => {
    await publish(madeUpPublication())
    const weights = new Uint8Array(5000).fill(9)
    const publication = madeUpPublication({ release: '1.1.0', files: new Map([['weights.safetensors', weights]]) })
    const { store } = await zoo()
    // What a publish left that was killed two hours ago.
    await store.create(blobKey(hashBytes(weights)), { bytes: weights })
    await store.create(entryKey('me/photos', '1.1.0'), { bytes: publication.entry })
    const cleaner = await zoo()
    const collect = (clock: number, now = false) =>
      collectGarbage(cleaner, { cacheFolder: at('cache'), now, clock: () => clock, signal: never })
    expect((await collect(0)).young).toHaveLength(2)
    const interrupted = {
      ...store,
      replace: async (...change: Parameters<typeof store.replace>) => {
        expect((await collect(7_200_000)).removed).toHaveLength(2)
        return store.replace(...change)
      },
    }
    expect(await publishInto(interrupted, publication, never)).toMatchObject({ kind: 'published', generation: 2 })
    expect(await readWholeZoo(at('zoo'))).toEqual(['me/photos@1.0.0', 'me/photos@1.1.0'])
    // Who has read the list of before removes nothing any more.
    await expect(collect(7_200_000, true)).rejects.toMatchObject({ code: 'MNAS_ZOO_BUSY' })
    expect(await readWholeZoo(at('zoo'))).toHaveLength(2)
  })
})

describe('the cache', () => {
  it('is counted, checked and cleared', async () => {
    expect(await cacheFacts(at('cache'))).toMatchObject({ blobs: 0, parts: 0, sizeBytes: 0 })
    const weights = new Uint8Array(1000).fill(7)
    await publish(madeUpPublication({ files: new Map([['weights.safetensors', weights]]) }))
    await pullEntry(await resolveEntry([await zoo()], any), { cacheFolder: at('cache'), out: at('out'), signal: never })
    // The list's part, the entry and its two files.
    expect(await cacheFacts(at('cache'))).toMatchObject({ blobs: 4, parts: 0 })
    expect(await checkCache(at('cache'), never)).toEqual([])
    await writeFile(blobPath(at('cache'), hashBytes(weights)), 'damaged')
    expect(await checkCache(at('cache'), never)).toEqual([hashBytes(weights)])
    expect(await cacheFacts(at('cache'))).toMatchObject({ blobs: 3 })
    await clearCache(at('cache'))
    expect(await cacheFacts(at('cache'))).toMatchObject({ blobs: 0 })
  })
})
