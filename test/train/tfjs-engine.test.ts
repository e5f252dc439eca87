import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { mnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { writeTinyNetwork } from '../support/tiny-network.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder('tfjs-engine')
})
afterAll(() => folder.remove())

test('mnas train --engine tfjs trains in JavaScript alone, says how slow that is, and its bundle is evaluated alike by both engines', async () => {
  const data = await smallPictures(join(folder.path, 'pictures'))
  const network = await writeTinyNetwork(join(folder.path, 'tiny.json'))
  const out = join(folder.path, 'model')
  const env = { MNAS_CACHE_FOLDER: join(folder.path, 'cache'), MNAS_PROGRESS: 'plain', MNAS_WORKERS: '1' }
  const small = ['--size', '16', '--epochs', '2', '--batch', '8']

  const trained = await mnas(['train', network, '--data', data, '--out', out, '--engine', 'tfjs', ...small, '--json'], { env })
  expect(trained).toMatchObject({
    exitCode: 0,
    stderr: expect.stringMatching(/JavaScript alone: about .* for each image and epoch/),
  })
  expect(trained.json()).toMatchObject({ version: 1, epochs: 2, metrics: { top1: expect.any(Number) } })

  const evaluate = (engine: string) => mnas(['evaluate', out, '--data', data, '--engine', engine, '--json'], { env })
  const lossOf = async (engine: string) => (await evaluate(engine)).json<{ metrics: { loss: number } }>().metrics.loss
  expect(await lossOf('tfjs')).toBeCloseTo(await lossOf('onnx'), 4)
})
