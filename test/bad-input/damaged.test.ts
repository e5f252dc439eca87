import { cp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { mnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { tinyNetwork, writeTinyNetwork } from '../support/tiny-network.js'
import { expectFailure, expectJsonFailure } from './failing.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let cache: Awaited<ReturnType<typeof temporaryFolder>>
const options = () => ({ cwd: folder.path, env: { MNAS_CACHE_FOLDER: cache.path, MNAS_PROGRESS: 'none' } })
const path = (...names: string[]) => join(folder.path, ...names)
const picture = join('pictures', 'val', 'disc', 'disc-000.jpg')

const train = (network: string, data: string, ...more: string[]) => [
  ...['train', network, '--data', data, '--out', 'model', '--epochs', '1', '--batch', '8', '--threads', '1', '--workers', '0'],
  ...more,
]
const search = [
  ...['search', '--data', 'pictures', '--out', 'run', '--device', 'replay', '--size', '32', '--width', '0.35'],
  ...['--target-latency', '6ms', '--trials', '1', '--proxy-epochs', '1', '--threads', '1', '--workers', '0'],
]

beforeAll(async () => {
  ;[folder, cache] = [await temporaryFolder('damaged'), await temporaryFolder('cache')]
  await smallPictures(path('pictures'))
  await cp(path('pictures'), path('changed'), { recursive: true })
  await rm(path('changed', 'train', 'disc', 'disc-000.jpg'))
  await writeTinyNetwork(path('tiny.json'))
  const [first, second] = tinyNetwork.blocks
  await writeFile(path('wider.json'), JSON.stringify({ ...tinyNetwork, blocks: [first, { ...second, filters: 24 }] }))
  for (const args of [train('tiny.json', 'pictures'), train('wider.json', 'pictures', '--out', 'wider'), search]) {
    const result = await mnas(withoutFirstOut(args), options())
    expect(result.exitCode, result.stderr).toBe(0)
  }
  await cp(path('model'), path('intact-model'), { recursive: true })
  await cp(path('run'), path('intact-run'), { recursive: true })
})
afterAll(() => Promise.all([folder.remove(), cache.remove()]))

beforeEach(async () => {
  for (const name of ['model', 'run']) {
    await rm(path(name), { recursive: true })
    await cp(path(`intact-${name}`), path(name), { recursive: true })
  }
})

/** oclif takes a flag once: the last --out stays. */
function withoutFirstOut(args: readonly string[]): readonly string[] {
  const [first, last] = [args.indexOf('--out'), args.lastIndexOf('--out')]
  return first === last ? args : args.filter((_, index) => index !== first && index !== first + 1)
}

describe('a damaged bundle', () => {
  const users: readonly (readonly string[])[] = [
    ['evaluate', 'model'],
    ['predict', 'model', picture],
    ['deploy', 'model', '--device', 'replay'],
  ]

  it.each<[string, () => Promise<void>, string, RegExp]>([
    [
      'weights cut short',
      () => truncate(path('model', 'weights.safetensors'), 1000),
      'MNAS_WEIGHTS_CORRUPT',
      /truncated.*train again/,
    ],
    [
      'no weights',
      () => rm(path('model', 'weights.safetensors')),
      'MNAS_FILE_MISSING',
      /Weights file not found.*weights\.safetensors/,
    ],
    [
      'model.json cut short',
      () => truncate(path('model', 'model.json'), 100),
      'MNAS_BUNDLE_CORRUPT',
      /the whole file.*train again/,
    ],
    [
      'a wrong field in model.json',
      async () => {
        const model = JSON.parse(await readFile(path('model', 'model.json'), 'utf8'))
        await writeFile(path('model', 'model.json'), JSON.stringify({ ...model, weights: 'rare' }))
      },
      'MNAS_BUNDLE_CORRUPT',
      /not valid at "weights"\. Expected one of "average"\|"raw", received "rare"/,
    ],
  ])('%s', async (_, damage, code, says) => {
    await damage()
    for (const [index, args] of users.entries())
      await (index === 0 ? expectJsonFailure : expectFailure)(args, { code, exit: 3, says }, options())
  })

  it.each([
    ['that is no JSON', '{', /data\.json.*Expected the path of a folder of images/],
    ['without its folder', '{"classFolders":"leaf"}', /data\.json.*at "folder"\. Expected the path of a folder of images/],
  ])('a note of where its images lie %s', async (_, text, says) => {
    await writeFile(path('model', 'local', 'data.json'), text)
    const failure = { code: 'MNAS_BUNDLE_CORRUPT', exit: 3, says }
    await expectJsonFailure(['evaluate', 'model'], failure, options())
    await expectFailure(['deploy', 'model', '--device', 'replay'], failure, options())
  })

  it('weights of another network', async () => {
    await cp(path('wider', 'weights.safetensors'), path('model', 'weights.safetensors'))
    const says = /block2_1_project\.kernel"?.*xpected float32 \[16, ?24, ?1, ?1\], received float32 \[24, ?24, ?1, ?1\]/
    await expectFailure(users[0]!, { code: 'MNAS_ENGINE_WEIGHTS', exit: 3, says }, options())
    await expectFailure(users[1]!, { code: 'MNAS_ENGINE_WEIGHTS', exit: 3, says }, options())
    await expectFailure(users[2]!, { code: 'MNAS_EXPORT_WEIGHTS', exit: 3, says }, options())
  })
})

describe('a training that cannot go on', () => {
  const local = (...names: string[]) => path('model', 'local', ...names)
  const result = () => local('training', 'result.json')
  const checkpoint = () => local('training', 'checkpoint.safetensors')
  const storedWeights = async () => {
    const { weights } = JSON.parse(await readFile(result(), 'utf8')).artefacts
    return local('training', 'blobs', weights.slice(0, 2), weights)
  }
  const again = train('tiny.json', 'pictures')

  it('because its settings are others, named one by one', async () => {
    const failure = (says: RegExp) => ({ code: 'MNAS_TRAIN_SETTINGS', exit: 3, says })
    await expectJsonFailure([...again, '--seed', '7'], failure(/seed is \d in the run and 7 now.*another --out/), options())
    const wider = failure(/architecture\.blocks\.1\.filters is 16 in the run and 24 now/)
    await expectFailure(train('wider.json', 'pictures'), wider, options())
  })

  it('because its photos have changed, also when it had ended', async () => {
    const failure = {
      code: 'MNAS_DATA_CHANGED',
      exit: 7,
      says: /expected fingerprint \w{12}, received \w{12}\. Restore the files/,
    }
    await expectFailure(train('tiny.json', 'changed'), failure, options())
    await rm(result())
    await expectJsonFailure(train('tiny.json', 'changed'), failure, options())
  })

  it.each<[string, () => Promise<unknown>, RegExp]>([
    ['its checkpoint is cut short', () => rm(result()).then(() => truncate(checkpoint(), 1000)), /are damaged: .*Delete it/],
    [
      'its checkpoint is none',
      () => rm(result()).then(() => cp(path('model', 'weights.safetensors'), checkpoint())),
      /not that of/,
    ],
    [
      'its checkpoint is of another training',
      () => rm(result()).then(() => cp(path('wider', 'local', 'training', 'checkpoint.safetensors'), checkpoint())),
      /belongs to another training/,
    ],
    ['its result is damaged', () => truncate(result(), 20), /result\.json" cannot be used.*Delete it/],
    [
      'its best weights are damaged',
      () => storedWeights().then((blob) => truncate(blob, 1000)),
      /best weights .* missing or damaged/,
    ],
    ['its settings are damaged', () => truncate(local('training.json'), 20), /training\.json" cannot be used: it is not JSON/],
    ['its settings are wrong', () => writeFile(local('training.json'), '{}'), /at "architecture"/],
  ])('because %s', async (_, damage, says) => {
    await damage()
    await expectFailure(again, { code: 'MNAS_CHECKPOINT_CORRUPT', exit: 6, says }, options())
  })

  it('because there is no place for temporary files, which is no damage', async () => {
    const nowhere = path('nowhere')
    const failure = { code: 'MNAS_FILE_WRITE', exit: 3, says: /nowhere": it does not exist/ }
    const env = { ...options().env, TMPDIR: nowhere, TMP: nowhere, TEMP: nowhere }
    await expectFailure(again, failure, { ...options(), env })
  })

  it('but not because data.json is gone, or the bundle is', async () => {
    await rm(local('data.json'))
    await rm(path('model', 'model.json'))
    await truncate(path('model', 'weights.safetensors'), 10)
    const { exitCode, stderr } = await mnas(again, options())
    expect(exitCode, stderr).toBe(0)
    for (const name of ['model.json', 'weights.safetensors', 'local/data.json'])
      expect(await readFile(path('model', name), 'utf8')).toBe(await readFile(path('intact-model', name), 'utf8'))
  })

  it('nor because the files are gone of which its result was stored, or what was stored', async () => {
    await rm(local('training', 'best.safetensors'))
    await rm(path('model', 'model.json'))
    await expectTheSameBundle()
    await rm(await storedWeights())
    await rm(path('model', 'model.json'))
    await expectTheSameBundle()
  })

  async function expectTheSameBundle() {
    const { exitCode, stderr } = await mnas(again, options())
    expect(exitCode, stderr).toBe(0)
    for (const name of ['model.json', 'weights.safetensors'])
      expect(await readFile(path('model', name), 'utf8')).toBe(await readFile(path('intact-model', name), 'utf8'))
  }

  it('begins anew as the message says, without its settings', async () => {
    await rm(local('training.json'))
    const { exitCode, stderr } = await mnas([...again, '--seed', '7'], options())
    expect(exitCode, stderr).toBe(0)
    expect(JSON.parse(await readFile(path('model', 'model.json'), 'utf8')).provenance.seed).toBe(7)
  })
})

describe('a damaged run', () => {
  const commands = [search, ['search', 'show', 'run'], ['search', 'front', 'run']]

  it.each<[string, () => Promise<void>, RegExp]>([
    ['run.db is overwritten', () => writeFile(path('run', 'run.db'), 'not a database '.repeat(1000)), /run\.db".*another --out/],
    ['run.db is cut short', () => truncate(path('run', 'run.db'), 6000), /run\.db"/],
    ['run.db is gone', () => rm(path('run', 'run.db')), /run\.db": the file is missing/],
    ['run.json is cut short', () => truncate(path('run', 'run.json'), 30), /run\.json"/],
    ['run.json is another', () => writeFile(path('run', 'run.json'), '{"version": 1}'), /run\.json".*kind/],
  ])('%s', async (_, damage, says) => {
    for (const name of ['run.db-wal', 'run.db-shm']) await rm(path('run', name), { force: true })
    await damage()
    for (const [index, args] of commands.entries())
      await (index === 1 ? expectJsonFailure : expectFailure)(args, { code: 'MNAS_RUN_CORRUPT', exit: 3, says }, options())
  })

  it('best.json is cut short: a model that is none', async () => {
    await truncate(path('run', 'best.json'), 30)
    const result = await mnas(['arch', 'show', 'run'], options())
    expect(result.stderr).toMatch(/^✗ MNAS_(MODEL|RUN|ARCHITECTURE)_\w+: .*best\.json.*\n$/)
    expect(result.exitCode).toBe(3)
  })
})
