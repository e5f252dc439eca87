import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { architectureHash, namedArchitecture } from '@mnas/core/architecture'
import { hashBytes } from '@mnas/core/files'
import { costsOf, lower } from '@mnas/core/graph'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { familyEntries } from '#internal/family/family-entries.js'
import { publishedNetworks } from '#internal/family/published-networks.js'
import { lookAtEntry } from '#internal/lint/look-at-entry.js'
import { workspaceRegistry } from '../../../../test/device/workspace-registry.js'
import { openTestZoo } from '../support/open-test-zoo.js'

let cache: string
beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'mnas-family-'))
})
afterAll(() => rm(cache, { recursive: true, force: true }))

describe('the family', () => {
  /** A release never changes: whoever must change one of these makes a later release of it. */
  const digests = {
    'mnas/mnasnet-a1': '398f4c1212bfb8362959fa15fbc22bdaf77f774b2cc62a4a5447670443a08e3c',
    'mnas/mnasnet-b1': '515d776a29720e0ad5bd0235334c8373e013574067152e624a2d4be2aceb5db5',
    'mnas/mnasnet-d1': '28b643b8085c989955c21529d079bf358d321418f1dd8ac6f1717025b316838b',
    'mnas/mnasnet-d1-320': 'ea57acbfed3eef21badb28ccd0273ad982570991eaaff017fd2b485d589245e0',
    'mnas/mnasnet-small': '03a514eb7ca8acf623be85497f6813b39dfe891039a964541d4bf6a852126241',
    'mnas/mobilenet-v2': '0934a0688e8e808a7aaa832163bfadb6db3a8245a3466dcd65190ca146740dbd',
  }

  it('has the counts of the networks that mnas builds', async () => {
    const task = await workspaceRegistry().get('task', 'classification')
    for (const { name, parameters, multiplyAdds } of publishedNetworks) {
      const costs = costsOf(lower(namedArchitecture(name), task))
      expect([name, parameters, multiplyAdds]).toEqual([name, costs.parameters, costs.macs])
    }
  })

  it('is of entries that can be published, with the architectures of today and the same bytes for ever', () => {
    const entries = familyEntries()
    for (const { entry, bytes } of entries) {
      expect(lookAtEntry(bytes, 'entry.json')).toEqual({ entry, problems: [] })
      expect(entry.architecture).toBe(architectureHash(namedArchitecture(entry.architectureName)))
    }
    expect(Object.fromEntries(entries.map(({ entry, bytes }) => [entry.name, hashBytes(bytes)]))).toEqual(digests)
  })

  it('says what the paper states and nothing else', () => {
    const claims = familyEntries().map(({ entry }) => [
      entry.architectureName,
      entry.accuracy.map(({ basis, metrics }) => [basis, metrics]),
      entry.latency.map(({ basis, device, ms }) => [basis, device.model, ms.p50]),
    ])
    expect(claims).toEqual([
      ['mnasnet-a1', [['published', { top1: 0.752, top5: 0.925 }]], [['published', 'Pixel 1', 78]]],
      ['mnasnet-b1', [], []],
      ['mnasnet-small', [['published', { top1: 0.66 }]], [['published', 'Pixel 1', 23.2]]],
      ['mnasnet-d1', [], []],
      ['mnasnet-d1-320', [], []],
      ['mobilenet-v2', [], []],
    ])
  })

  it('is a zoo as any other, and opens no socket', async () => {
    const zoo = await openTestZoo('family:', cache, { offline: true })
    try {
      expect((await zoo.entries()).map(({ name }) => name).sort()).toEqual(
        publishedNetworks.map(({ name }) => `mnas/${name}`).sort(),
      )
      const [summary] = await zoo.releasesOf('mnas/mnasnet-a1')
      const { entry } = await zoo.entry(summary!)
      expect(entry.lineage).toMatchObject({ kind: 'published', url: 'https://arxiv.org/abs/1807.11626' })
      expect(zoo.store.access).toBe('read')
      await expect(zoo.store.remove('zoo.json.gz')).rejects.toMatchObject({ code: 'MNAS_ZOO_READ_ONLY' })
    } finally {
      await zoo.close()
    }
  })
})
