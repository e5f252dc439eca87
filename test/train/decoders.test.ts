import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readCheckpoint, saveCheckpoint } from '@mnas/core/training'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { mnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { writeTinyNetwork } from '../support/tiny-network.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>

beforeAll(async () => {
  folder = await temporaryFolder('decoders')
  await smallPictures(join(folder.path, 'pictures'))
  await writeTinyNetwork(join(folder.path, 'tiny.json'))
})
afterAll(() => folder.remove())

async function train(): Promise<string> {
  const args = ['train', 'tiny.json', '--data', 'pictures', '--out', 'model', '--epochs', '2', '--batch', '8', '--threads', '1']
  const { exitCode, stderr } = await mnas(args, {
    cwd: folder.path,
    env: { MNAS_CACHE_FOLDER: join(folder.path, 'cache'), MNAS_PROGRESS: 'plain' },
  })
  expect(exitCode, stderr).toBe(0)
  return stderr
}

it('a training that goes on with other decoders than it began with says so', async () => {
  await train()
  const local = join(folder.path, 'model', 'local')
  const [name] = (await readdir(local, { recursive: true })).filter((file) => file.endsWith('checkpoint.safetensors'))
  const result = (await readdir(local, { recursive: true })).find((file) => file.endsWith('result.json'))!
  const { checkpoint, state } = await readCheckpoint(join(local, name!))
  expect(checkpoint.decoders).toMatch(/jpeg-turbo .*sharp /)

  await rm(join(local, result))
  expect(await train()).not.toContain('decoded otherwise')

  await rm(join(local, result))
  await saveCheckpoint(join(local, name!, '..'), { ...checkpoint, decoders: 'an older decoder' }, state)
  expect(await train()).toMatch(/decoded otherwise .*an older decoder; now .*jpeg-turbo/)
})
