import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashFile } from '@mnas/core/files'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startMnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { writeTinyNetwork } from '../support/tiny-network.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mnas-kill-train-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Everything that must be drawn, counted or remembered again after a resume. */
const fullRecipe = {
  extends: 'quick',
  accumulate: 2,
  learningRate: { warmupEpochs: 5 },
  evaluateEveryEpochs: 3,
  augmentation: {
    crop: { area: [0.2, 1] },
    colorJitter: { brightness: 0.3, contrast: 0.3, saturation: 0.3, hue: 0.1 },
    randAugment: { operations: 2, magnitude: 5 },
    mixup: { alpha: 0.2 },
    classWeights: 'balanced',
  },
}

test('kill -9 at ten random moments of a full-recipe training ends in bit-identical weights', { timeout: 240_000 }, async () => {
  const data = await smallPictures(join(folder, 'pictures'))
  const network = await writeTinyNetwork(join(folder, 'tiny.json'))
  const recipe = join(folder, 'recipe.json')
  await writeFile(recipe, JSON.stringify(fullRecipe))
  const env = { MNAS_CACHE_FOLDER: join(folder, 'cache'), MNAS_PROGRESS: 'none' }
  const train = (out: string) => [
    'train',
    network,
    '--data',
    data,
    '--recipe',
    recipe,
    '--epochs',
    '40',
    '--batch',
    '8',
    '--workers',
    '1',
    '--threads',
    '1',
    '--out',
    out,
  ]
  const [whole, killed] = [join(folder, 'whole', 'model'), join(folder, 'killed', 'model')]

  const start = performance.now()
  await runThroughKills(train(whole), env, 0, () => 0)
  const wholeMs = performance.now() - start
  const kills = await runThroughKills(train(killed), env, 10, () => wholeMs * (0.2 + 0.6 * Math.random()))

  expect(kills).toBeGreaterThan(0)
  expect(await hashFile(join(killed, 'weights.safetensors'))).toBe(await hashFile(join(whole, 'weights.safetensors')))
  const metrics = async (out: string) => JSON.parse(await readFile(join(out, 'model.json'), 'utf8')).metrics
  expect(await metrics(killed)).toEqual(await metrics(whole))
})

/**
 * Runs a command again and again, each time ended by `kill -9` at a random moment, and once to its end.
 * @param within the longest a killed run may live, in milliseconds
 * @returns how many of the runs were really killed (a run may end before its moment comes)
 */
async function runThroughKills(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  kills: number,
  within: () => number,
): Promise<number> {
  let killed = 0
  for (let i = 0; i < kills; i++) {
    const running = startMnas(args, { env })
    const timer = setTimeout(() => running.kill('SIGKILL'), within())
    const { exitCode, signal, stderr } = await running.ended
    clearTimeout(timer)
    if (signal === 'SIGKILL') killed++
    else expect(exitCode, stderr).toBe(0)
  }
  const { exitCode, stderr } = await startMnas(args, { env }).ended
  expect(exitCode, stderr).toBe(0)
  return killed
}
