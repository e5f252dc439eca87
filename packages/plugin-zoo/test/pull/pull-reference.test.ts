import { join } from 'node:path'
import { modelSourceContext } from '@mnas/core/bundle'
import { expect, it } from 'vitest'
import { publishInto } from '#internal/publish/publish-into.js'
import { pullReference } from '#internal/pull/pull-reference.js'
import hf from '#internal/stores/hf/hf-factory.js'
import { useTestHub } from '../support/hub/use-test-hub.js'
import { madeUpPublication } from '../support/made-up-publication.js'
import { zooRegistry } from '../support/open-test-zoo.js'
import { storeSurroundings } from '../support/store-surroundings.js'

const used = useTestHub('pull-reference')

const around = () => storeSurroundings(join(used.path, 'cache'))
const pull = (reference: string, out: string, offline: boolean, wish = {}) =>
  pullReference({
    ...{ reference, zoos: undefined, offline, out: join(used.path, out), wish },
    context: modelSourceContext(zooRegistry(), {}, around()),
  })

it('pulls an entry of the hub without any connection once it was fetched', async () => {
  const publication = madeUpPublication({ files: new Map([['weights.safetensors', new Uint8Array(5000).fill(1)]]) })
  await publishInto(await hf.open('hf:me/photos', around()), publication, around().signal)
  expect(await pull('hf:me/photos', 'online', false)).toMatchObject({ outcome: 'pulled', name: 'me/photos' })
  const asked = used.hub.requests.length
  const offline = await pull('hf:me/photos', 'offline', true)
  expect(offline).toMatchObject({ outcome: 'pulled', digest: publication.summary.digest, fetchedBytes: 0 })
  await expect(pull('hf:me/never', 'never', true)).rejects.toMatchObject({ code: 'MNAS_ZOO_OFFLINE' })
  const wished = pull('hf:timm/weights', 'weights', true, { labels: ['a'] })
  await expect(wished).rejects.toMatchObject({ code: 'MNAS_ZOO_OFFLINE' })
  expect(used.hub.requests).toHaveLength(asked)
})
