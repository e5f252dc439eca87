import { join } from 'node:path'
import { readBundle } from '@mnas/core/bundle'
import { serializeSafetensors } from '@mnas/core/weights'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { filled, withClasses } from '../../packages/core/test/import/made-up-imports.js'
import { timmState } from '../../packages/core/test/import/state-dictionaries.js'
import { startTestHub, type TestHub } from '../../packages/plugin-zoo/test/support/hub/test-hub.js'
import { mnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { temporaryFolder } from '../support/temporary-folder.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let hub: TestHub
beforeAll(async () => {
  folder = await temporaryFolder('from-hub')
  await smallPictures(join(folder.path, 'photos'))
  hub = await startTestHub()
})
afterAll(async () => {
  await hub.close()
  await folder.remove()
})

it('trains from weights of the hub in one command, and says which they were', async () => {
  const config = {
    architecture: 'mnasnet_small',
    num_classes: 3,
    pretrained_cfg: {
      ...{ input_size: [3, 32, 32], interpolation: 'bilinear', crop_pct: 0.9, license: 'apache-2.0' },
      ...{ mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
    },
  }
  const weights = serializeSafetensors(filled(timmState(withClasses('mnasnet-small', 3))))
  hub.put(
    'timm/mnasnet_small.made_up',
    new Map(Object.entries({ 'config.json': Buffer.from(JSON.stringify(config)), 'model.safetensors': weights })),
  )
  const commit = hub.repositories.get('timm/mnasnet_small.made_up')!.head.id
  const args = [
    'train',
    '--init',
    'hf:timm/mnasnet_small.made_up',
    '--data',
    'photos',
    '--size',
    '32',
    '--epochs',
    '1',
    '--batch',
    '8',
    '--workers',
    '0',
    '--threads',
    '1',
  ]
  const env = { MNAS_CACHE_FOLDER: join(folder.path, 'cache'), HF_ENDPOINT: hub.url }
  const ended = await mnas([...args, '--json'], { cwd: folder.path, env })
  expect(ended.exitCode, ended.stderr).toBe(0)
  const { bundle } = ended.json<{ bundle: string }>()
  expect(bundle).toBe('models/mnasnet_small.made_up-photos')
  const { provenance, labels } = await readBundle(join(folder.path, bundle))
  expect(labels).toHaveLength(4)
  expect(JSON.stringify(provenance)).toContain(commit)
})
