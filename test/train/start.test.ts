import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadBundleWeights, readBundle } from '@mnas/core/bundle'
import type { Tensors } from '@mnas/core/contracts'
import { checkpointFile } from '@mnas/core/training'
import { readSafetensors } from '@mnas/core/weights'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { writeTinyNetwork } from '../support/tiny-network.js'

let folder: string
let data: string
let base: string
const env = () => ({ MNAS_CACHE_FOLDER: join(folder, 'cache'), MNAS_PROGRESS: 'none' })

async function train(args: readonly string[]) {
  const result = await mnas(['train', ...args, '--workers', '0', '--json'], { env: env() })
  if (result.exitCode !== 0) throw new Error(result.stdout + result.stderr)
  return result.json<{
    readonly bundle: string
    readonly epochs: number
    readonly history: readonly { readonly epoch: number }[]
  }>()
}
const failing = async (args: readonly string[]) => {
  const result = await mnas(['train', ...args, '--json'], { env: env() })
  return [result.exitCode, result.json<{ error: { code: string } }>().error.code]
}
const values = (tensors: Tensors, name: string) => [...tensors[name]!.data]
const stateOf = async (bundle: string) => (await readSafetensors(checkpointFile(join(bundle, 'local', 'training')))).tensors

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mnas-start-'))
  data = await smallPictures(join(folder, 'pictures'))
  const network = await writeTinyNetwork(join(folder, 'tiny.json'))
  // A rate that never moves, so that two halves of a training are the whole.
  const recipe = { extends: 'quick', learningRate: { base: 0.1, schedule: 'constant', warmupEpochs: 0 } }
  await writeFile(join(folder, 'constant.json'), JSON.stringify(recipe))
  base = join(folder, 'base')
  const common = ['--data', data, '--recipe', join(folder, 'constant.json'), '--batch', '8', '--threads', '1']
  await train([network, ...common, '--epochs', '2', '--out', base])
  await train([network, ...common, '--epochs', '4', '--out', join(folder, 'whole')])
}, 120_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('mnas train --continue', () => {
  it('goes on with the whole state: two epochs and two more are four', async () => {
    const out = join(folder, 'longer')
    const answer = await train([base, '--continue', '--out', out])
    expect(answer.epochs).toBe(4)
    expect(answer.history.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4])
    const [halves, whole] = [await stateOf(out), await stateOf(join(folder, 'whole'))]
    expect(Object.keys(halves)).toEqual(Object.keys(whole))
    for (const [name, { data: expected }] of Object.entries(whole))
      expect([name, Buffer.from(halves[name]!.data.buffer).equals(Buffer.from(expected.buffer))]).toEqual([name, true])
    const bundle = await readBundle(out)
    expect(bundle.provenance).toMatchObject({ recipe: { epochs: 4 }, start: { kind: 'continue' } })
    // The same command tells the finished training again.
    expect(await train([base, '--continue', '--out', out])).toEqual(answer)
  })

  it('takes as many epochs as it is told, into a folder beside the bundle', async () => {
    const answer = await train([base, '--continue', '--epochs', '1'])
    expect([answer.epochs, answer.bundle]).toEqual([3, `${base}-continued`])
  })

  it('goes on with fewer images, in batches that these fill', async () => {
    const few = await smallPictures(join(folder, 'few'), { training: 2, validation: 1 })
    const out = join(folder, 'fewer')
    const answer = await train([base, '--continue', '--epochs', '1', '--data', few, '--out', out])
    expect(answer.epochs).toBe(3)
    const { recipe } = (await readBundle(out)).provenance as { readonly recipe: { readonly batchSize: number } }
    expect(recipe.batchSize).toBeLessThan(8)
  })

  it('needs the training beside the bundle, its classes, and settings of no other', async () => {
    const copied = join(folder, 'copied')
    await cp(base, copied, { recursive: true, filter: (source) => !source.endsWith('local') })
    expect(await failing([copied, '--continue'])).toEqual([2, 'MNAS_DATA_UNSAID'])
    expect(await failing([copied, '--continue', '--data', data])).toEqual([3, 'MNAS_TRAIN_CONTINUE'])
    const others = await renamedPictures('others-again')
    expect(await failing([base, '--continue', '--data', others, '--out', join(folder, 'x')])).toEqual([7, 'MNAS_EVALUATE_LABELS'])
    expect(await failing(['mnasnet-a1', '--continue'])).toEqual([3, 'MNAS_MODEL_UNTRAINED'])
    expect((await failing([base, '--continue', '--recipe', 'paper']))[0]).toBe(2)
  })
})

describe('mnas train --init', () => {
  it('begins with the weights, a new classifier, a lower rate and the preprocessing of the bundle', async () => {
    const source = join(folder, 'source')
    await cp(base, source, { recursive: true })
    const model = JSON.parse(await readFile(join(source, 'model.json'), 'utf8'))
    const preprocessing = { ...model.preprocessing, fit: { kind: 'crop', fraction: 1 }, mean: [123, 116, 103], std: [58, 57, 57] }
    await writeFile(join(source, 'model.json'), JSON.stringify({ ...model, preprocessing }))
    const others = await renamedPictures('others')
    const out = join(folder, 'tuned')
    const options = ['--recipe', 'quick', '--freeze', '1,stem', '--seed', '9', '--epochs', '1', '--batch', '8', '--out', out]
    await train(['--init', source, '--data', others, ...options])
    const bundle = await readBundle(out)
    expect(bundle.labels).toContain('renamed')
    expect(bundle.preprocessing).toEqual(preprocessing)
    expect(bundle.provenance).toMatchObject({ start: { kind: 'inherit' }, frozen: ['stem', 1] })
    const quick = JSON.parse(await readFile(join(await quickBundle(others), 'model.json'), 'utf8')).provenance.recipe
    const recipe = bundle.provenance['recipe'] as typeof quick
    expect(recipe.learningRate.base).toBeCloseTo(quick.learningRate.base / 10, 10)
    const [before, after] = [await loadBundleWeights(source), await loadBundleWeights(out)]
    for (const name of ['stem_conv.kernel', 'stem_conv_bn.gamma', 'block1_1_project.kernel'])
      expect(values(after, name)).toEqual(values(before, name))
    for (const name of ['block2_1_expand.kernel', 'stem_conv_bn.movingMean'])
      expect(values(after, name)).not.toEqual(values(before, name))
    // Near where it came from, unlike a classifier drawn anew.
    const distance = (name: string) => {
      const [old, trained] = [values(before, name), values(after, name)]
      const norm = (numbers: readonly number[]) => Math.hypot(...numbers)
      return norm(old.map((value, at) => value - trained[at]!)) / norm(old)
    }
    expect(distance('head_conv.kernel')).toBeLessThan(0.3)
    expect(distance('logits.kernel')).toBeGreaterThan(0.8)
    const evaluated = await mnas(['evaluate', out, '--workers', '0', '--json'], { env: env() })
    expect(evaluated.json<{ metrics: Record<string, number> }>().metrics['loss']).toBeCloseTo(bundle.metrics['loss']!, 5)
  })

  it('trains by a recipe that is made for known weights, as it stands, the head faster than the rest', async () => {
    const out = join(folder, 'fine-tuned')
    const others = await renamedPictures('others-still')
    await train(['--init', base, '--data', others, '--epochs', '1', '--batch', '8', '--out', out])
    const { recipe } = (await readBundle(out)).provenance
    // Of one epoch instead of twelve a quarter are its warm-up.
    const learningRate = { base: 0.16, head: 5, warmupEpochs: 0.25 }
    expect(recipe).toMatchObject({ optimizer: { nesterov: true }, learningRate, epochs: 1 })
  })

  it('keeps the classifier for the same classes', async () => {
    const out = join(folder, 'same')
    await train(['--init', base, '--data', data, '--epochs', '1', '--batch', '8', '--out', out])
    const [before, after] = [await loadBundleWeights(base), await loadBundleWeights(out)]
    const moved = values(after, 'logits.kernel').map((value, at) => value - values(before, 'logits.kernel')[at]!)
    // A new one, drawn by itself, would be about 1.4 times its norm away.
    expect(Math.hypot(...moved)).toBeLessThan(0.7 * Math.hypot(...values(before, 'logits.kernel')))
  })

  it('says what is wrong before anything is read', async () => {
    expect(await failing(['--data', data])).toEqual([2, 'MNAS_TRAIN_MODEL'])
    expect(await failing(['mnasnet-a1', '--init', base, '--data', data])).toEqual([2, 'MNAS_TRAIN_MODEL'])
    expect(await failing(['--init', base])).toEqual([2, 'MNAS_DATA_UNSAID'])
    expect(await failing(['--init', base, '--data', data, '--freeze', 'stem,3'])).toEqual([3, 'MNAS_TRAIN_FREEZE'])
    expect(await failing(['--init', 'mnasnet-a1', '--data', data])).toEqual([3, 'MNAS_MODEL_UNTRAINED'])
  })
})

/** The same pictures with one class by another name. */
async function renamedPictures(name: string): Promise<string> {
  const copy = join(folder, name)
  await cp(data, copy, { recursive: true })
  const { labels } = await readBundle(base)
  for (const part of ['train', 'val']) await rename(join(copy, part, labels[0]!), join(copy, part, 'renamed'))
  return copy
}

/** What the recipe is from scratch. */
async function quickBundle(pictures: string): Promise<string> {
  const out = join(folder, 'quick')
  await train([join(folder, 'tiny.json'), '--data', pictures, '--epochs', '1', '--batch', '8', '--out', out])
  return out
}
