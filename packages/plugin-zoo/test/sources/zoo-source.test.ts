import { generateKeyPairSync } from 'node:crypto'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { modelSourceContext } from '@mnas/core/bundle'
import { hashBytes } from '@mnas/core/files'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { addTrust, removeTrust } from '#internal/signatures/trust-list.js'
import zoo from '#internal/sources/zoo-source.js'
import { temporaryFolder } from '../../../../test/support/temporary-folder.js'
import { madeUpPublication } from '../support/made-up-publication.js'
import { zooRegistry } from '../support/open-test-zoo.js'
import { publishIntoFolder } from '../support/publish-into-folder.js'
import { storeSurroundings } from '../support/store-surroundings.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const at = (...path: readonly string[]) => join(folder.path, ...path)
const weights = new Uint8Array(1000).fill(3)
beforeAll(async () => {
  folder = await temporaryFolder('source')
  await publishIntoFolder(at('zoo'), madeUpPublication({ files: new Map([['weights.safetensors', weights]]) }))
  await publishIntoFolder(at('zoo'), madeUpPublication({ name: 'me/paper' }))
})
afterAll(() => folder.remove())
beforeEach(() => void vi.stubEnv('XDG_CONFIG_HOME', at('config')))
afterEach(() => vi.unstubAllEnvs())
const fetch = (reference: string) =>
  zoo.fetch(reference, modelSourceContext(zooRegistry(), { mine: at('zoo') }, storeSurroundings(at('cache'))))

describe('the source "zoo"', () => {
  it('brings an entry into the cache, under its own name, once', async () => {
    const path = await fetch('zoo:me/photos@1')
    expect(basename(path)).toBe('photos')
    expect(path.startsWith(at('cache'))).toBe(true)
    expect((await readdir(path)).sort()).toEqual(['model.json', 'weights.safetensors'])
    expect(await fetch('zoo:me/photos')).toBe(path)
  })

  it('gives the file of an architecture where there are no weights', async () => {
    expect(basename(await fetch('zoo:me/paper'))).toBe('model.json')
  })

  it('fetches anew what somebody has changed there', async () => {
    const path = await fetch('zoo:me/photos')
    await writeFile(join(path, 'weights.safetensors'), 'changed')
    await writeFile(join(path, 'notes.txt'), 'mine')
    expect(hashBytes(await readFile(join(await fetch('zoo:me/photos'), 'weights.safetensors')))).toBe(hashBytes(weights))
  })

  it('gives several who find it changed at once the same whole model', async () => {
    const path = await fetch('zoo:me/photos')
    await writeFile(join(path, 'weights.safetensors'), 'changed')
    const paths = await Promise.all(Array.from({ length: 4 }, () => fetch('zoo:me/photos')))
    expect(paths).toEqual(paths.map(() => path))
    expect(hashBytes(await readFile(join(path, 'weights.safetensors')))).toBe(hashBytes(weights))
  })

  it('finds the published family without any zoo, and leaves what it has fetched', async () => {
    const path = await fetch('zoo:mnas/mnasnet-a1')
    expect(basename(path)).toMatch(/\.json$/)
    const { ino } = await stat(path)
    expect((await stat(await fetch('zoo:mnas/mnasnet-a1'))).ino).toBe(ino)
  })

  it('holds what it has fetched against the trust list, too', async () => {
    const { digest } = madeUpPublication({ files: new Map([['weights.safetensors', weights]]) }).summary
    const path = await fetch(`zoo:me/photos@sha256:${digest}`)
    await addTrust({ pattern: 'me/*', mode: 'enforce', key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey })
    await expect(fetch(`zoo:me/photos@sha256:${digest}`)).rejects.toMatchObject({ code: 'MNAS_ZOO_UNSIGNED' })
    await removeTrust('me/*')
    expect(await fetch(`zoo:me/photos@sha256:${digest}`)).toBe(path)
  })

  it('names what is no reference', async () => {
    await expect(fetch('zoo:photos')).rejects.toMatchObject({ code: 'MNAS_ZOO_REFERENCE' })
  })
})
