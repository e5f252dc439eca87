import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hashFile } from '@mnas/core/files'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { writeTinyNetwork } from '../support/tiny-network.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>

beforeAll(async () => {
  folder = await temporaryFolder('same-bits')
  await smallPictures(join(folder.path, 'pictures'))
  await writeTinyNetwork(join(folder.path, 'tiny.json'))
})
afterAll(() => folder.remove())

/** Trains into a folder of its own; all are called `model`, the name that the weights bear. */
async function train(name: string, ...more: readonly string[]) {
  const out = join(name, 'model')
  const args = [
    'train',
    'tiny.json',
    '--data',
    'pictures',
    '--out',
    out,
    '--epochs',
    '3',
    '--batch',
    '8',
    '--threads',
    '1',
    ...more,
  ]
  const { exitCode, stderr } = await mnas([...args, '--json'], {
    cwd: folder.path,
    env: { MNAS_CACHE_FOLDER: join(folder.path, `cache-${name}`), MNAS_PROGRESS: 'none' },
  })
  expect(exitCode, stderr).toBe(0)
  const { metrics } = JSON.parse(await readFile(join(folder.path, out, 'model.json'), 'utf8'))
  return { weights: await hashFile(join(folder.path, out, 'weights.safetensors')), metrics }
}

describe('training', () => {
  let reference: Awaited<ReturnType<typeof train>>
  beforeAll(async () => {
    reference = await train('0-cached', '--workers', '0')
  })

  it.each([
    [0, 'streamed'],
    [1, 'cached'],
    [1, 'streamed'],
    [3, 'cached'],
    [3, 'streamed'],
  ] as const)('gives the same bits with %i data workers, images %s', async (workers, source) => {
    const limit = source === 'cached' ? [] : ['--cache-limit', '0']
    expect(await train(`${workers}-${source}`, '--workers', `${workers}`, ...limit)).toEqual(reference)
  })

  it('gives others with another seed', async () => {
    expect((await train('seed', '--workers', '0', '--seed', '9')).weights).not.toBe(reference.weights)
  })
})
