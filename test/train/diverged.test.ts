import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bundleWeightsPath } from '@mnas/core/bundle'
import { readSafetensors, writeSafetensors } from '@mnas/core/weights'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectFailure } from '../bad-input/failing.js'
import { mnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { writeTinyNetwork } from '../support/tiny-network.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let cache: Awaited<ReturnType<typeof temporaryFolder>>
const path = (...names: string[]) => join(folder.path, ...names)
const options = () => ({ cwd: folder.path, env: { MNAS_CACHE_FOLDER: cache.path, MNAS_PROGRESS: 'none' } })
beforeAll(async () => {
  ;[folder, cache] = [await temporaryFolder('diverged'), await temporaryFolder('cache')]
  await smallPictures(path('pictures'))
  await writeTinyNetwork(path('tiny.json'))
})
afterAll(() => Promise.all([folder.remove(), cache.remove()]))

const train = (model: string, out: string, ...more: readonly string[]) => [
  ...['train', model, '--data', 'pictures', '--size', '32', '--epochs', '4', '--batch', '4', '--out', out],
  ...['--threads', '1', '--workers', '0', ...more],
]
describe('a training whose numbers are none', () => {
  // Its steps stay finite to the end; its evaluation does not.
  it.each([1e4, 1e6])('is named as one (base rate %d), each time', async (base) => {
    const recipe = `${base}.json`
    await writeFile(path(recipe), JSON.stringify({ extends: 'quick', learningRate: { base } }))
    const out = `out-${base}`
    const first = await mnas(train('mnasnet-small@0.35', out, '--recipe', recipe), options())
    expect(first.stderr).toMatch(/^✗ MNAS_TRAIN_DIVERGED: .*lower learning rate/m)
    expect(first.exitCode).toBe(6)
    const again = await mnas([...train('mnasnet-small@0.35', out, '--recipe', recipe), '--json'], options())
    expect(again.json()).toMatchObject({ error: { code: 'MNAS_TRAIN_DIVERGED', exitCode: 6 } })
    for (const name of (await readdir(folder.path, { recursive: true })).filter((file) => file.endsWith('.json')))
      expect([name, await readFile(path(name), 'utf8')]).not.toEqual([name, expect.stringContaining('"loss": null')])
  })

  it('is a model whose answers are named, not null', async () => {
    const trained = await mnas(train('tiny.json', 'model'), options())
    expect(trained.exitCode, trained.stderr).toBe(0)
    const { tensors, metadata } = await readSafetensors(bundleWeightsPath(path('model')))
    tensors['logits.bias']!.data.fill(Number.NaN)
    await writeSafetensors(bundleWeightsPath(path('model')), tensors, metadata)
    const says = /weights of "model" are spoiled: expected finite numbers, received a validation loss of NaN/
    await expectFailure(['evaluate', 'model'], { code: 'MNAS_MODEL_NOT_FINITE', exit: 3, says }, options())
    const picture = join('pictures', 'val', 'disc', 'disc-000.jpg')
    const predicted = await mnas(['predict', 'model', picture, '--json'], options())
    const error = { code: 'MNAS_MODEL_NOT_FINITE', message: expect.stringMatching(/received \S+ of NaN/), exitCode: 3 }
    expect(predicted.json()).toMatchObject({ predictions: [{ output: null, error }] })
  })
})
