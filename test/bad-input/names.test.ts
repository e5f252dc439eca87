import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { smallPictures } from '../support/pictures.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { tinyNetwork, writeTinyNetwork } from '../support/tiny-network.js'
import { expectFailure, expectJsonFailure } from './failing.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let cache: Awaited<ReturnType<typeof temporaryFolder>>
const options = () => ({ cwd: folder.path, env: { MNAS_CACHE_FOLDER: cache.path, MNAS_PROGRESS: 'none' } })

beforeAll(async () => {
  ;[folder, cache] = [await temporaryFolder('names'), await temporaryFolder('cache')]
  await smallPictures(join(folder.path, 'pictures'))
  await writeTinyNetwork(join(folder.path, 'tiny.json'))
})
afterAll(() => Promise.all([folder.remove(), cache.remove()]))

const train = ['train', 'tiny.json', '--data', 'pictures', '--out', 'never']
const search = ['search', '--data', 'pictures', '--out', 'never', '--size', '32']
const deploy = ['deploy', 'tiny.json', '--random-weights', '--out', 'never']

describe('an unknown name, with the nearest', () => {
  it.each([
    ['device', [...search, '--device', 'hots'], 'MNAS_NAME_UNKNOWN', /Unknown device "hots"\. Did you mean "host"\?/],
    ['device of deploy', [...deploy, '--device', 'replya'], 'MNAS_NAME_UNKNOWN', /Did you mean "replay"\?/],
    ['strategy', [...search, '--strategy', 'evolutoin'], 'MNAS_NAME_UNKNOWN', /Unknown strategy .*Did you mean "evolution"\?/],
    ['objective', [...search, '--objective', 'sotf'], 'MNAS_NAME_UNKNOWN', /Unknown objective .*Did you mean "soft"\?/],
    ['engine of a search', [...search, '--engine', 'onxn'], 'MNAS_NAME_UNKNOWN', /Unknown engine .*Did you mean "onnx"\?/],
    ['engine of a training', [...train, '--engine', 'onxn'], 'MNAS_NAME_UNKNOWN', /Did you mean "onnx"\?/],
    ['engine of deploy', [...deploy, '--device', 'replay', '--engine', 'onxn'], 'MNAS_NAME_UNKNOWN', /Did you mean "onnx"\?/],
    ['model', ['arch', 'show', 'mnasnet-a2'], 'MNAS_ARCHITECTURE_UNKNOWN', /Did you mean "mnasnet-a1"\?/],
    ['model of a training', ['train', 'mnasnet-b11', ...train.slice(2)], 'MNAS_ARCHITECTURE_UNKNOWN', /"mnasnet-b1"/],
    ['model file', ['train', 'nowhere.json', ...train.slice(2)], 'MNAS_FILE_MISSING', /"nowhere\.json"\. Check the path/],
  ])('%s', async (_, args, code, says) => {
    await expectFailure(args, { code, exit: 3, says }, options())
  })

  it('is the answer with --json', async () => {
    const failure = { code: 'MNAS_NAME_UNKNOWN', exit: 3, says: /Did you mean "host"\?/ }
    await expectJsonFailure([...search, '--device', 'hots'], failure, options())
  })
})

describe('a model without weights, or a folder that is no model', () => {
  it.each([
    ['evaluate tiny.json --data pictures', 'MNAS_MODEL_UNTRAINED', /Train it with "mnas train tiny\.json/],
    ['predict mnasnet-a1 tiny.json', 'MNAS_MODEL_UNTRAINED', /Train it with "mnas train mnasnet-a1/],
    ['deploy tiny.json --device replay', 'MNAS_DEPLOY_UNTRAINED', /add --random-weights/],
    ['evaluate pictures', 'MNAS_MODEL_FOLDER', /Expected a bundle \(model\.json\)/],
    ['search front pictures', 'MNAS_RUN_MISSING', /"pictures" is not a run/],
  ])('%s', async (command, code, says) => {
    await expectFailure(command.split(' '), { code, exit: 3, says }, options())
  })
})

describe('a target that nothing reaches', () => {
  it('is exit 8, says what is reachable and leaves no run', async () => {
    const args = [...search, '--device', 'replay', '--target-latency', '0.01ms']
    const says = /at most 0\.01 ms on replay, but the smallest one .* takes \d\.\d+ ms\. Try --target-latency \d/
    await expectFailure(args, { code: 'MNAS_SEARCH_TARGET_UNREACHABLE', exit: 8, says }, options())
    await expectJsonFailure(args, { code: 'MNAS_SEARCH_TARGET_UNREACHABLE', exit: 8, says }, options())
  })
})

describe('an architecture file', () => {
  const [separable, mbconv] = tinyNetwork.blocks
  const write = (content: unknown) =>
    writeFile(join(folder.path, 'wrong.json'), typeof content === 'string' ? content : JSON.stringify(content))

  it.each<[string, unknown, string, RegExp]>([
    ['an unknown field', { ...tinyNetwork, stem: { ...tinyNetwork.stem, fliters: 8 } }, 'FIELD', /stem\.fliters.*"filters"/],
    ['a missing field', { ...tinyNetwork, head: undefined }, 'FIELD', /wrong field head\. .*received nothing/],
    [
      'a wrong value',
      { ...tinyNetwork, blocks: [separable, { ...mbconv, kernel: 4 }] },
      'FIELD',
      /blocks\[1\]\.kernel.*received 4/,
    ],
    ['a wrong type', { ...tinyNetwork, blocks: 'two' }, 'FIELD', /wrong field blocks\. .*received "two"/],
    ['a number out of bounds', { ...tinyNetwork, input: { size: 1e6 } }, 'FIELD', /input\.size.*at most 2048/],
    ['what does not go together', { ...tinyNetwork, blocks: [{ ...separable, expansion: 3 }, mbconv] }, 'ROW', /blocks\[0\]/],
    [
      'more strides than pixels',
      { ...tinyNetwork, input: { size: 16 }, blocks: [separable, ...Array(5).fill(mbconv)] },
      'SHAPE',
      /blocks\[4\]\.stride.*input\.size/,
    ],
    ['a newer version', { ...tinyNetwork, version: 2 }, 'FIELD', /wrong field version/],
    ['a list', [], 'FIELD', /at the top/],
  ])('with %s', async (_, content, code, says) => {
    await write(content)
    await expectFailure(['arch', 'show', 'wrong.json'], { code: `MNAS_ARCHITECTURE_${code}`, exit: 3, says }, options())
  })

  it('that is no JSON', async () => {
    await write('input:\n  size: 32\n')
    await expectFailure(['arch', 'show', 'wrong.json'], { code: 'MNAS_MODEL_FILE', exit: 3, says: /it is not JSON/ }, options())
  })

  it('is refused by train and deploy before anything is written', async () => {
    await write({ ...tinyNetwork, task: { name: 'classification', options: { clases: 4 } } })
    const failure = { code: 'MNAS_ARCHITECTURE_FIELD', exit: 3, says: /task\.options\.clas+es/ }
    await expectFailure(['train', 'wrong.json', ...train.slice(2)], failure, options())
    await expectJsonFailure(['deploy', 'wrong.json', ...deploy.slice(2), '--device', 'replay'], failure, options())
  })
})
