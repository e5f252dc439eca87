import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mnas, startMnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { writeTinyNetwork } from '../support/tiny-network.js'

test('--time chooses the epochs once: the same command tells the same training again', { timeout: 120_000 }, async () => {
  const folder = await temporaryFolder('train-time')
  try {
    const data = await smallPictures(join(folder.path, 'pictures'))
    const network = await writeTinyNetwork(join(folder.path, 'tiny.json'))
    const options = { env: { MNAS_CACHE_FOLDER: join(folder.path, 'cache'), MNAS_PROGRESS: 'none' } }
    const train = [network, '--data', data, '--batch', '8', '--workers', '1', '--threads', '1', '--time', '4s', '--json']
    const args = ['train', ...train, '--out', join(folder.path, 'model')]
    const first = await mnas(args, options)
    expect([first.exitCode, first.stderr]).toEqual([0, ''])
    const { epochs, history } = first.json<{ epochs: number; history: readonly { learningRate: number }[] }>()
    expect(epochs).toBeGreaterThanOrEqual(1)
    expect(history).toHaveLength(epochs)
    // the schedule was laid out for these epochs: cosine ends near 0
    if (epochs > 5) expect(history.at(-1)!.learningRate).toBeLessThan(0.1 * history[1]!.learningRate)
    const again = await mnas(args, options)
    expect(again.json()).toEqual(first.json())
    const brief = [...args.slice(0, -1), join(folder.path, 'brief')].map((word) => (word === '4s' ? '1ms' : word))
    const short = await mnas(brief, { env: { ...options.env, MNAS_PROGRESS: 'plain' } })
    expect(short.json()).toMatchObject({ epochs: 1 })
    expect(short.stderr).toMatch(/^warning: One epoch takes about .*, more than --time leaves for it \(0s\): one it is$/m)
    const endless = [...args.slice(0, -1), join(folder.path, 'endless')].map((word) => (word === '4s' ? '100h' : word))
    const running = startMnas(endless, { env: { ...options.env, MNAS_PROGRESS: 'plain' } })
    await running.says(/^--time takes 400 epochs at most; --epochs takes more$/m)
    running.kill('SIGINT')
    expect((await running.ended).exitCode).toBe(130)
    const both = await mnas([...args, '--epochs', '3'], options)
    expect(both.exitCode).toBe(2)
  } finally {
    await folder.remove()
  }
})
