import { generateKeyPairSync } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { hashBytes } from '@mnas/core/files'
import { expect, it } from 'vitest'
import { attestEntry } from '#internal/attest/attest-entry.js'
import { attestationKey, attestationsPrefix } from '#internal/catalogue/keys.js'
import { parseEntry } from '#internal/entry/parse-entry.js'
import { type Publication, publishInto } from '#internal/publish/publish-into.js'
import { attestationsIn } from '#internal/show/attested-of.js'
import { openStore } from '#internal/zoos/open-store.js'
import { workspaceRegistry } from '../../../../test/device/workspace-registry.js'
import { useTestHub } from '../support/hub/use-test-hub.js'
import { accuracyClaim } from '../support/made-up-entry.js'
import { madeUpPublication } from '../support/made-up-publication.js'
import { storeSurroundings } from '../support/store-surroundings.js'

const registry = workspaceRegistry(['plugin-zoo'])
const never = new AbortController().signal
const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const used = useTestHub('attest')
const around = () => storeSurroundings(join(used.path, 'cache'))
const open = (zoo: string) => openStore(registry, zoo, around())

/** As if somebody had counted right answers. */
function attest({ entry: entryBytes, summary }: Publication, to: string) {
  const entry = parseEntry(entryBytes, { location: 'test', key: 'entry.json' })
  const metrics = { top1: 0.5, loss: 1, count: 100 }
  const result = { fingerprint: hashBytes('photos'), split: 'validation', images: 100, metrics, engine: 'onnx' } as const
  const verification = {
    entry: { folder: 'nowhere', entry, entryBytes, digest: summary.digest, signature: null, attestations: [] },
    ...{ rows: [], accuracy: [{ claim: accuracyClaim(), result }], latency: [], failure: null },
  }
  return attestEntry({ registry, verification, key, data: null, out: null, to, mnasVersion: '0.1.0', around: around() })
}

it.each(['hf:me/attested', 'a folder'])('what somebody attests lies beside the entry for others: %s', async (where) => {
  const zoo = where === 'a folder' ? join(used.path, 'zoo') : where
  const [first, second] = [madeUpPublication(), madeUpPublication({ release: '1.1.0' })]
  for (const publication of [first, second]) await publishInto(await open(zoo), publication, never)
  const { sha256 } = await attest(first, zoo)
  const store = await open(zoo)
  expect(await store.list(attestationsPrefix('me/photos', '1.0.0'))).toEqual([attestationKey('me/photos', '1.0.0', sha256)])
  const [attestation] = await attestationsIn(store, parseEntry(first.entry, { location: 'test', key: 'entry.json' }))
  expect(hashBytes(attestation!)).toBe(sha256)
})

it('nothing is attested where the entry is not', async () => {
  const zoo = join(used.path, 'other')
  await expect(attest(madeUpPublication(), zoo)).rejects.toMatchObject({ code: 'MNAS_ZOO_NONE' })
  await publishInto(await open(zoo), madeUpPublication({ files: new Map([['weights.safetensors', new Uint8Array(9)]]) }), never)
  await expect(attest(madeUpPublication(), zoo)).rejects.toMatchObject({ code: 'MNAS_ZOO_ENTRY_UNKNOWN' })
  expect(await readdir(join(zoo, 'entries', 'me', 'photos', '1.0.0'))).not.toContain('attestations')
})
