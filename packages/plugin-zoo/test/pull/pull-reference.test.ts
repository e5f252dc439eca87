import { join } from 'node:path'
import { modelSourceContext } from '@mnas/core/bundle'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { publishInto } from '#internal/publish/publish-into.js'
import { pullReference } from '#internal/pull/pull-reference.js'
import hf from '#internal/stores/hf/hf-factory.js'
import { temporaryFolder } from '../../../../test/support/temporary-folder.js'
import { hubToken, startTestHub, type TestHub } from '../support/hub/test-hub.js'
import { madeUpPublication } from '../support/made-up-publication.js'
import { zooRegistry } from '../support/open-test-zoo.js'
import { storeSurroundings } from '../support/store-surroundings.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let hub: TestHub
beforeAll(async () => {
  folder = await temporaryFolder('pull-reference')
  hub = await startTestHub()
})
afterAll(async () => {
  await hub.close()
  await folder.remove()
})
beforeEach(() => {
  vi.stubEnv('HF_ENDPOINT', hub.url)
  vi.stubEnv('HF_TOKEN', hubToken)
})
afterEach(() => vi.unstubAllEnvs())

const around = () => storeSurroundings(join(folder.path, 'cache'))
const pull = (reference: string, out: string, offline: boolean, wish = {}) =>
  pullReference({
    ...{ reference, zoos: undefined, offline, out: join(folder.path, out), wish },
    context: modelSourceContext(zooRegistry(), {}, around()),
  })

it('pulls an entry of the hub without any connection once it was fetched', async () => {
  const publication = madeUpPublication({ files: new Map([['weights.safetensors', new Uint8Array(5000).fill(1)]]) })
  await publishInto(await hf.open('hf:me/photos', around()), publication, around().signal)
  expect(await pull('hf:me/photos', 'online', false)).toMatchObject({ outcome: 'pulled', name: 'me/photos' })
  const asked = hub.requests.length
  const offline = await pull('hf:me/photos', 'offline', true)
  expect(offline).toMatchObject({ outcome: 'pulled', digest: publication.summary.digest, fetchedBytes: 0 })
  await expect(pull('hf:me/never', 'never', true)).rejects.toMatchObject({ code: 'MNAS_ZOO_OFFLINE' })
  const wished = pull('hf:timm/weights', 'weights', true, { labels: ['a'] })
  await expect(wished).rejects.toMatchObject({ code: 'MNAS_ZOO_OFFLINE' })
  expect(hub.requests).toHaveLength(asked)
})
