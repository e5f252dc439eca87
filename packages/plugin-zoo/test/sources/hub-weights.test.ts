import { readdir, readFile, statfs, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { modelSourceContext } from '@mnas/core/bundle'
import { exists } from '@mnas/core/files'
import { beforeAll, describe, expect, it } from 'vitest'
import { importHub } from '#internal/sources/hub-import.js'
import { fetchHubWeights } from '#internal/sources/hub-weights.js'
import { hubAccess } from '#internal/stores/hf/hub-access.js'
import { useTestHub } from '../support/hub/use-test-hub.js'
import { zooRegistry } from '../support/open-test-zoo.js'
import { storeSurroundings } from '../support/store-surroundings.js'

const never = new AbortController().signal
const weights = new Uint8Array(100_000).map((_, index) => (index * 7919) % 251)
const used = useTestHub('hub-weights')
beforeAll(() => {
  const files = { 'config.json': Buffer.from('{}'), 'model.safetensors': weights, 'pytorch_model.bin': new Uint8Array(9) }
  used.hub.put('timm/made_up', new Map(Object.entries(files)))
})

const context = () => modelSourceContext(zooRegistry(), {}, storeSurroundings(join(used.path, 'cache')))
const accessTo = (url: string) => hubAccess('hf:timm/made_up', never, { HF_ENDPOINT: url })
const fetchWeights = () => fetchHubWeights(accessTo(used.hub.url), used.hub.repositories.get('timm/made_up')!.head.id, context())

describe('weights of the hub', () => {
  it('are fetched once, and nothing besides that is read', async () => {
    const path = await fetchWeights()
    expect((await readdir(path)).sort()).toEqual(['config.json', 'model.safetensors'])
    const asked = used.hub.requests.length
    expect(await fetchWeights()).toBe(path)
    expect(used.hub.requests.slice(asked).filter(({ line }) => /resolve|storage/.test(line))).toEqual([])
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

  it('become no bundle where its disk has no room for one, and nothing of it is written', async () => {
    used.hub.put('timm/large', new Map([['config.json', Buffer.from('{}')]]))
    const access = hubAccess('hf:timm/large', never, { HF_ENDPOINT: used.hub.url })
    const commit = used.hub.repositories.get('timm/large')!.head.id
    const folder = await fetchHubWeights(access, commit, context())
    // Longer than what is free, and a hole from end to end: it takes no room itself.
    const { bavail, bsize } = await statfs(folder)
    await writeFile(join(folder, 'model.safetensors'), '')
    await truncate(join(folder, 'model.safetensors'), bavail * bsize + 2 ** 33)
    const out = join(used.path, 'bundle')
    await expect(importHub(access, commit, out, context())).rejects.toMatchObject({ code: 'MNAS_ZOO_DISK' })
    expect(await exists(out)).toBe(false)
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
