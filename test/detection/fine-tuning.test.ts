import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bundleWeightsPath, loadBundleWeights, readBundle } from '@mnas/core/bundle'
import type { Tensors } from '@mnas/core/contracts'
import { writeSafetensors } from '@mnas/core/weights'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { writeTinyNetwork } from '../support/tiny-network.js'
import { squarePictures } from './square-pictures.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const path = (...names: string[]) => join(folder.path, ...names)
const env = () => ({ MNAS_CACHE_FOLDER: path('cache'), MNAS_PROGRESS: 'plain' })
const words = ['--epochs', '1', '--batch', '8', '--threads', '1', '--workers', '0', '--json']
const train = (...args: readonly string[]) => mnas(['train', ...args, ...words], { cwd: folder.path, env: env() })
const values = (tensors: Tensors, name: string) => [...tensors[name]!.data]

/** What a training said of its start. */
async function tuned(...args: readonly string[]): Promise<string> {
  const { exitCode, stderr } = await train(...args)
  expect(exitCode, stderr).toBe(0)
  return stderr.split('\n').find((line) => line.startsWith('From '))!
}
const rateOf = async (bundle: string) => {
  const { recipe } = (await readBundle(path(bundle))).provenance as { recipe: { learningRate: { base: number } } }
  return recipe.learningRate.base
}

beforeAll(async () => {
  folder = await temporaryFolder('fine-tuning')
  await smallPictures(path('classes'))
  await squarePictures(path('squares'))
  await squarePictures(path('others'), ['rouge', 'bleu'])
  await writeTinyNetwork(path('tiny.json'))
  const trained = await train('tiny.json', '--data', 'classes', '--out', 'classifier')
  expect(trained.exitCode, trained.stderr).toBe(0)
  const model = JSON.parse(await readFile(path('classifier', 'model.json'), 'utf8'))
  const preprocessing = { ...model.preprocessing, mean: [123, 116, 103], std: [58, 57, 57] }
  await writeFile(path('classifier', 'model.json'), JSON.stringify({ ...model, preprocessing }))
  const args = ['--task', 'detection', '--data', 'squares', '--freeze', 'stem,1', '--out', 'detector']
  said = await tuned('--init', 'classifier', ...args)
}, 120_000)
afterAll(() => folder.remove())

let said: string

describe('a detector that begins with a classifier', () => {
  it('says what it takes over', () => {
    expect(said).toMatch(
      /^From "classifier" \(classification\): \d+ of \d+ tensors, \d\d new layers, frozen stem, 1, mean 123, 116, 103 and std 58, 57 /,
    )
    expect(said).toMatch(/the recipe's whole rate$/)
  })

  it('takes its mean and deviation and nothing else of how it sees photos', async () => {
    const { preprocessing, labels, provenance } = await readBundle(path('detector'))
    expect(labels).toEqual(['red', 'blue'])
    expect(preprocessing).toMatchObject({ fit: { kind: 'stretch' }, mean: [123, 116, 103], std: [58, 57, 57] })
    expect(provenance).toMatchObject({ start: { kind: 'inherit' }, frozen: ['stem', 1] })
  })

  it('leaves frozen stages as they are, to the bit, and moves the others', async () => {
    const [before, after] = [await loadBundleWeights(path('classifier')), await loadBundleWeights(path('detector'))]
    for (const name of ['stem_conv.kernel', 'stem_conv_bn.gamma', 'block1_1_depthwise.kernel', 'block1_1_project.kernel'])
      expect(values(after, name)).toEqual(values(before, name))
    expect(values(after, 'block2_1_expand.kernel')).not.toEqual(values(before, 'block2_1_expand.kernel'))
    expect(after).not.toHaveProperty(['logits.kernel'])
  })
})

describe('a detector that begins with another', () => {
  it('of other classes takes its backbone, at the whole rate; of the same classes everything, at a tenth', async () => {
    const [ofOthers, ofSame] = [
      await tuned('--init', 'detector', '--data', 'others', '--freeze', '1', '--out', 'renamed'),
      await tuned('--init', 'detector', '--data', 'squares', '--out', 'same'),
    ]
    expect(ofOthers).toMatch(/^From "detector" \(detection\): .* \d\d new layers, frozen 1, .* whole rate$/)
    expect(ofSame).toMatch(/no new layer, nothing frozen, .* a tenth of the recipe's rate$/)
    const [taken, all] = /: (\d+) of (\d+) tensors/.exec(ofSame)!.slice(1)
    expect(taken).toBe(all)
    expect(await rateOf('same')).toBeCloseTo((await rateOf('renamed')) / 10, 10)
    expect((await readBundle(path('renamed'))).labels).toEqual(['rouge', 'bleu'])
    const [before, after] = [await loadBundleWeights(path('detector')), await loadBundleWeights(path('renamed'))]
    expect(values(after, 'block1_1_project.kernel')).toEqual(values(before, 'block1_1_project.kernel'))
  })
})

describe('a bundle that fits no detector', () => {
  const failing = async (...args: readonly string[]) => {
    const { exitCode, json } = await train(...args, '--task', 'detection', '--data', 'squares', '--out', 'failed')
    return [exitCode, json<{ error: { code: string } }>().error.code]
  }

  it('because its weights are not those of its network, is told by name', async () => {
    await cp(path('classifier'), path('foreign'), { recursive: true })
    const { 'block2_1_expand.kernel': _, ...others } = await loadBundleWeights(path('foreign'))
    await writeSafetensors(bundleWeightsPath(path('foreign')), others, {})
    expect(await failing('--init', 'foreign')).toEqual([3, 'MNAS_ENGINE_WEIGHTS'])
  })

  it('because the network has too few strides, too', async () => {
    await cp(path('classifier'), path('flat'), { recursive: true })
    const model = JSON.parse(await readFile(path('flat', 'model.json'), 'utf8'))
    const blocks = model.architecture.blocks.map((block: object) => ({ ...block, stride: 1 }))
    const architecture = { ...model.architecture, stem: { ...model.architecture.stem, stride: 1 }, blocks }
    await writeFile(path('flat', 'model.json'), JSON.stringify({ ...model, architecture }))
    expect(await failing('--init', 'flat')).toEqual([3, 'MNAS_DETECTION_BACKBONE'])
  })
})
