import { appendFile, mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hashBytes } from '@mnas/core/files'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { blobPath } from '#internal/cache/cache-paths.js'
import { blobKey } from '#internal/catalogue/keys.js'
import { publishInto } from '#internal/publish/publish-into.js'
import { pullEntry } from '#internal/pull/pull-entry.js'
import { resolveEntry } from '#internal/zoos/resolve-entry.js'
import { temporaryFolder } from '../../../../test/support/temporary-folder.js'
import { madeUpPublication } from '../support/made-up-publication.js'
import { openTestZoo } from '../support/open-test-zoo.js'

const never = new AbortController().signal
const weights = new Uint8Array(300_000).map((_, index) => (index * 7919) % 251)
const publication = madeUpPublication({
  files: new Map([
    ['weights.safetensors', weights],
    ['exports/photos.tflite', weights.subarray(1000)],
  ]),
})
const newest = { kind: 'zoo', name: 'me/photos', release: null, digest: null } as const
let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  folder = await temporaryFolder('pull')
  await publishInto((await openTestZoo(at('zoo'), at('cache'))).store, publication, never)
})
afterEach(() => folder.remove())
const at = (...path: readonly string[]) => join(folder.path, ...path)

async function pull(out = at('models', 'photos')) {
  const zoo = await openTestZoo(at('zoo'), at('cache'))
  return pullEntry(await resolveEntry([zoo], newest), { cacheFolder: at('cache'), out, signal: never })
}

describe('pulling an entry', () => {
  it('makes a bundle that says where it comes from', async () => {
    const pulled = await pull()
    expect(pulled).toMatchObject({ kind: 'pulled', digest: publication.summary.digest, files: 3 })
    expect(await readdir(at('models'))).toEqual(['photos'])
    expect((await readdir(at('models', 'photos'))).sort()).toEqual(['exports', 'model.json', 'weights.safetensors'])
    expect(hashBytes(await readFile(at('models', 'photos', 'weights.safetensors')))).toBe(hashBytes(weights))
    const model = JSON.parse(await readFile(at('models', 'photos', 'model.json'), 'utf8'))
    const source = { zoo: null, name: 'me/photos', release: '1.0.0', digest: publication.summary.digest, licence: 'MIT' }
    expect(model.provenance).toEqual({ seed: 1, zoo: source })
  })

  it('fetches nothing twice, and leaves what is there', async () => {
    expect((await pull()).fetchedBytes).toBe(publication.summary.sizeBytes)
    expect(await pull()).toMatchObject({ kind: 'unchanged', fetchedBytes: 0 })
    expect(await pull(at('other'))).toMatchObject({ kind: 'pulled', fetchedBytes: 0 })
  })

  it('does not let the bundle spoil the cache', async () => {
    await pull()
    await appendFile(at('models', 'photos', 'weights.safetensors'), 'spoilt')
    expect(await readFile(blobPath(at('cache'), hashBytes(weights)))).toEqual(Buffer.from(weights))
    await expect(pull()).rejects.toMatchObject({ code: 'MNAS_ZOO_OUT' })
  })

  it('takes a model for this entry only as long as nobody has changed it', async () => {
    await pull()
    const path = at('models', 'photos', 'model.json')
    const model = await readFile(path, 'utf8')
    await writeFile(path, model.replace('"seed": 1', '"seed": 2'))
    await expect(pull()).rejects.toThrow(/this entry with another "model\.json"/)
    await writeFile(path, model)
    expect(await pull()).toMatchObject({ kind: 'unchanged' })
    // Of another copy of the zoo it would say so.
    await writeFile(path, model.replace('"zoo": null', '"zoo": "https://example.org/zoo"'))
    expect(await pull()).toMatchObject({ kind: 'unchanged' })
  })

  it('knows an architecture, which does not say where it comes from, by its bytes', async () => {
    const architecture = new TextEncoder().encode('{"version":1,"name":"paper"}')
    const paper = madeUpPublication({ release: '2.0.0', files: new Map([['model.json', architecture]]) })
    await publishInto((await openTestZoo(at('zoo'), at('cache'))).store, paper, never)
    expect(await pull(at('paper'))).toMatchObject({ kind: 'pulled', digest: paper.summary.digest })
    expect(await readFile(at('paper', 'model.json'))).toEqual(Buffer.from(architecture))
    expect(await pull(at('paper'))).toMatchObject({ kind: 'unchanged', fetchedBytes: 0 })
    await appendFile(at('paper', 'model.json'), ' ')
    await expect(pull(at('paper'))).rejects.toMatchObject({ code: 'MNAS_ZOO_OUT' })
  })

  it('finds a cache that was damaged, and fetches that anew', async () => {
    await pull()
    const path = blobPath(at('cache'), hashBytes(weights))
    await writeFile(path, new Uint8Array(weights.length))
    expect(await pull(at('other'))).toMatchObject({ kind: 'pulled', fetchedBytes: weights.length })
    expect(hashBytes(await readFile(at('other', 'weights.safetensors')))).toBe(hashBytes(weights))
  })

  it('leaves nothing of an entry that cannot be whole', async () => {
    const key = blobKey(hashBytes(weights))
    await rm(at('zoo', key))
    await expect(pull()).rejects.toMatchObject({ code: 'MNAS_ZOO_MISSING' })
    await writeFile(at('zoo', key), weights.subarray(1))
    await expect(pull()).rejects.toMatchObject({ code: 'MNAS_ZOO_HASH' })
    await writeFile(at('zoo', key), Buffer.concat([weights, Buffer.alloc(1)]))
    await expect(pull()).rejects.toMatchObject({ code: 'MNAS_ZOO_HASH' })
    await writeFile(at('zoo', key), weights.with(7, 255))
    await expect(pull()).rejects.toThrow(hashBytes(weights.with(7, 255)))
    expect(await readdir(at('models'))).toEqual([])
    await writeFile(at('zoo', key), weights)
    expect(await pull()).toMatchObject({ kind: 'pulled' })
  })

  it('does not write into a folder with something else', async () => {
    await mkdir(at('models', 'photos'), { recursive: true })
    expect(await pull()).toMatchObject({ kind: 'pulled' })
    await rm(at('models', 'photos'), { recursive: true })
    await mkdir(at('models', 'photos'))
    await writeFile(at('models', 'photos', 'notes.txt'), 'mine')
    await expect(pull()).rejects.toMatchObject({ code: 'MNAS_ZOO_OUT' })
    await rm(at('models', 'photos'), { recursive: true })
    await writeFile(at('models', 'photos'), 'a file')
    await expect(pull()).rejects.toMatchObject({ code: 'MNAS_ZOO_OUT' })
  })

  it('removes what killed pulls left of the day before', async () => {
    for (const name of ['photos.0123abcd.tmp', 'photos.4567cdef.tmp', 'photos.notes.tmp'])
      await mkdir(at('models', name), { recursive: true })
    await utimes(at('models', 'photos.0123abcd.tmp'), 0, 0)
    await utimes(at('models', 'photos.notes.tmp'), 0, 0)
    await pull()
    expect((await readdir(at('models'))).sort()).toEqual(['photos', 'photos.4567cdef.tmp', 'photos.notes.tmp'])
  })

  it('may happen twice at once', async () => {
    const pulls = await Promise.all([pull(at('a')), pull(at('b')), pull(at('c'))])
    expect(pulls.reduce((sum, { fetchedBytes }) => sum + fetchedBytes, 0)).toBe(publication.summary.sizeBytes)
  })

  it('names a cache that cannot be written', async () => {
    await mkdir(at('cache', 'zoo'), { recursive: true })
    await writeFile(at('cache', 'zoo', 'locks'), 'a file')
    await expect(pull()).rejects.toMatchObject({ code: 'MNAS_FILE_WRITE' })
  })

  it('finds out a zoo that goes back', async () => {
    await pull()
    const older = await readFile(at('zoo', 'zoo.json.gz'))
    await publishInto((await openTestZoo(at('zoo'), at('cache'))).store, madeUpPublication({ release: '1.1.0' }), never)
    await pull(at('newer'))
    await writeFile(at('zoo', 'zoo.json.gz'), older)
    await expect(pull(at('oldest'))).rejects.toMatchObject({ code: 'MNAS_ZOO_ROLLBACK' })
  })
})
