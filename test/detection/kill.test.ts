import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hashFile } from '@mnas/core/files'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { mnas, startMnas } from '../support/mnas.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { writeTinyNetwork } from '../support/tiny-network.js'
import { squarePictures } from './square-pictures.js'

/** More of them: MNAS_TEST_KILLS=10. */
const kills = Number(process.env['MNAS_TEST_KILLS'] ?? 2)

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder('kill-detection')
  await squarePictures(join(folder.path, 'squares'))
  await writeTinyNetwork(join(folder.path, 'tiny.json'))
  await writeFile(join(folder.path, 'recipe.json'), JSON.stringify(everything))
})
afterAll(() => folder.remove())

const epochsTold = (said: string) => said.match(/^epoch \d+\/\d+: /gm)?.length ?? 0

/** All that must be drawn, counted or remembered again after a resume. */
const everything = {
  extends: 'quick',
  accumulate: 2,
  evaluateEveryEpochs: 2,
  augmentation: { crop: { chance: 0.9 }, expand: { chance: 0.5, largest: 2 }, colorJitter: { brightness: 0.3, contrast: 0.3 } },
}

test(`kill -9 at ${kills} random moments of a detection training ends in the same bits, with any number of data workers`, {
  timeout: 120_000 + 60_000 * kills,
}, async () => {
  const words = ['--recipe', 'recipe.json', '--epochs', '12', '--batch', '4', '--threads', '1']
  const args = ['train', 'tiny.json', '--task', 'detection', '--data', 'squares', ...words]
  const within = { cwd: folder.path, env: { MNAS_CACHE_FOLDER: join(folder.path, 'cache'), MNAS_PROGRESS: 'plain' } }
  const whole = [...args, '--workers', '0', '--out', join('whole', 'model')]
  const killed = [...args, '--workers', '3', '--cache-limit', '0', '--out', join('killed', 'model')]

  const first = await mnas(whole, within)
  expect(first.exitCode, first.stderr).toBe(0)

  let struck = 0
  for (let kill = 0; kill < kills; kill++) {
    const running = startMnas(killed, within)
    const epochs = Math.floor(Math.random() * 4)
    // Some moment of an epoch, however fast the machine: a training that ended before is not struck.
    await running.says((said) => epochsTold(said) >= epochs).catch(() => undefined)
    const timer = setTimeout(() => running.kill('SIGKILL'), 150 * Math.random())
    const { exitCode, signal, stderr } = await running.ended
    clearTimeout(timer)
    if (signal === 'SIGKILL') struck++
    else expect(exitCode, stderr).toBe(0)
  }
  const last = await mnas(killed, within)
  expect(last.exitCode, last.stderr).toBe(0)

  expect(struck).toBeGreaterThan(0)
  const of = (name: string, file: string) => join(folder.path, name, 'model', file)
  expect(await hashFile(of('killed', 'weights.safetensors'))).toBe(await hashFile(of('whole', 'weights.safetensors')))
  const metrics = async (name: string) => JSON.parse(await readFile(of(name, 'model.json'), 'utf8')).metrics
  expect(await metrics('killed')).toEqual(await metrics('whole'))
})
