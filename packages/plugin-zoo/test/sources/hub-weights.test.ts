import { readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { modelSourceContext } from '@mnas/core/bundle'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fetchHubWeights } from '#internal/sources/hub-weights.js'
import { hubAccess } from '#internal/stores/hf/hub-access.js'
import { temporaryFolder } from '../../../../test/support/temporary-folder.js'
import { startTestHub, type TestHub } from '../support/hub/test-hub.js'
import { zooRegistry } from '../support/open-test-zoo.js'
import { storeSurroundings } from '../support/store-surroundings.js'

const never = new AbortController().signal
const weights = new Uint8Array(100_000).map((_, index) => (index * 7919) % 251)
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let hub: TestHub
beforeAll(async () => {
  folder = await temporaryFolder('hub-weights')
  hub = await startTestHub()
  const files = { 'config.json': Buffer.from('{}'), 'model.safetensors': weights, 'pytorch_model.bin': new Uint8Array(9) }
  hub.put('timm/made_up', new Map(Object.entries(files)))
})
afterAll(async () => {
  await hub.close()
  await folder.remove()
})

const context = () => modelSourceContext(zooRegistry(), {}, storeSurroundings(join(folder.path, 'cache')))
const accessTo = (url: string) => hubAccess('hf:timm/made_up', never, { HF_ENDPOINT: url })
const fetchWeights = () => fetchHubWeights(accessTo(hub.url), hub.repositories.get('timm/made_up')!.head.id, context())

describe('weights of the hub', () => {
  it('are fetched once, and nothing besides that is read', async () => {
    const path = await fetchWeights()
    expect((await readdir(path)).sort()).toEqual(['config.json', 'model.safetensors'])
    const asked = hub.requests.length
    expect(await fetchWeights()).toBe(path)
    expect(hub.requests.slice(asked).filter(({ line }) => /resolve|storage/.test(line))).toEqual([])
  })

  it('are not taken for whole because they are there: what was cut off or changed comes anew', async () => {
    const path = await fetchWeights()
    await truncate(join(path, 'model.safetensors'), 1000)
    await truncate(join(path, 'config.json'), 1)
    await fetchWeights()
    expect(await readFile(join(path, 'model.safetensors'))).toEqual(Buffer.from(weights))
    await writeFile(join(path, 'model.safetensors'), new Uint8Array(weights.length))
    await fetchWeights()
    expect(await readFile(join(path, 'model.safetensors'))).toEqual(Buffer.from(weights))
    expect((await readdir(path)).sort()).toEqual(['config.json', 'model.safetensors'])
    expect(await readFile(join(path, 'config.json'), 'utf8')).toBe('{}')
  })

  it.each([
    ['MNAS_ZOO_TOO_LARGE', 5 * 2 ** 30],
    ['MNAS_ZOO_DISK', 4 * 2 ** 30],
  ])('are looked at before the first byte: %s', async (code, size) => {
    // As many of the largest size as no disk has room for.
    const many = code === 'MNAS_ZOO_DISK' ? 5000 : 1
    const large = {
      type: 'file',
      path: 'model.safetensors',
      size,
      oid: 'x',
      lfs: { oid: 'ab'.repeat(32), size, pointerSize: 130 },
    }
    const files = [{ type: 'file', path: 'config.json', size: 2, oid: 'y' }, ...Array.from({ length: many }, () => large)]
    const asked: string[] = []
    const server = createServer((request, response) => {
      asked.push(request.url!)
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(files))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    await expect(fetchHubWeights(accessTo(url), 'ab'.repeat(20), context())).rejects.toMatchObject({ code })
    expect(asked.filter((path) => path.includes('resolve'))).toEqual([])
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
})
