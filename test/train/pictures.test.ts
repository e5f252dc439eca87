import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseXml } from '../../packages/core/test/charts/support/xml.js'
import { mnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { writeTinyNetwork } from '../support/tiny-network.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const path = (...names: string[]) => join(folder.path, ...names)
const fast = ['--threads', '1', '--workers', '0']
const train = ['train', 'tiny.json', '--data', 'pictures', '--out', 'model', '--epochs', '2', '--batch', '8', ...fast]
const run = (args: readonly string[]) =>
  mnas(args, { cwd: folder.path, env: { MNAS_CACHE_FOLDER: path('cache'), MNAS_PROGRESS: 'plain' } })

const files = ['confusion-dark.svg', 'confusion.svg', 'training-dark.svg', 'training.svg']
const textsOf = async (...names: string[]) =>
  parseXml(await readFile(path(...names), 'utf8')).flatMap(({ name, text }) => (name === 'text' ? [text] : []))

beforeAll(async () => {
  folder = await temporaryFolder('charts')
  await smallPictures(path('pictures'))
  await writeTinyNetwork(path('tiny.json'))
})
afterAll(() => folder.remove())

describe('mnas train', () => {
  it('draws how it went and what is confused into the bundle, and says where', async () => {
    const { stdout, stderr, exitCode } = await run(train)
    expect(exitCode, stderr).toBe(0)
    expect(stdout).toContain(`Pictures: ${join('model', 'charts', 'training.svg')}, ${join('model', 'charts', 'confusion.svg')}`)
    expect((await readdir(path('model', 'charts'))).sort()).toEqual(files)
    const labels = await readdir(path('pictures', 'train'))
    for (const theme of ['', '-dark']) {
      expect(await textsOf('model', 'charts', `confusion${theme}.svg`)).toEqual(expect.arrayContaining(['model', ...labels]))
      const texts = await textsOf('model', 'charts', `training${theme}.svg`)
      expect(texts).toEqual(expect.arrayContaining(['model', 'loss', 'held-out top-1', 'learning rate']))
      expect(texts.some((text) => text.startsWith('2 epochs; weights of epoch '))).toBe(true)
    }
  })

  it('draws the same again when the training is told again, and changes nothing else', async () => {
    const [model, picture] = await Promise.all([
      readFile(path('model', 'model.json')),
      readFile(path('model', 'charts', 'training.svg')),
    ])
    await rm(path('model', 'charts'), { recursive: true })
    expect((await run(train)).exitCode).toBe(0)
    expect(await readFile(path('model', 'charts', 'training.svg'))).toEqual(picture)
    expect(await readFile(path('model', 'model.json'))).toEqual(model)
  })

  it('draws the whole history of a training that was continued', async () => {
    const { exitCode, stderr } = await run(['train', 'model', '--continue', '--epochs', '1', '--out', 'longer', '--workers', '0'])
    expect(exitCode, stderr).toBe(0)
    const texts = await textsOf('longer', 'charts', 'training.svg')
    expect(texts.some((text) => text.startsWith('3 epochs'))).toBe(true)
  })

  it('never loses a training over a picture', async () => {
    await rm(path('model', 'charts'), { recursive: true })
    await writeFile(path('model', 'charts'), 'in the way')
    const { exitCode, stderr, json } = await run([...train, '--json'])
    expect(exitCode, stderr).toBe(0)
    expect(stderr).toMatch(/warning: no pictures: Cannot write .*a file stands where a folder is needed/)
    expect(json()).toMatchObject({ charts: [], epochs: 2 })
    await rm(path('model', 'charts'))
  })
})

describe('mnas evaluate --charts', () => {
  it('draws what is confused into a folder that it makes', async () => {
    const { exitCode, stdout, stderr } = await run(['evaluate', 'model', '--charts', join('new', 'pictures'), ...fast])
    expect(exitCode, stderr).toBe(0)
    expect(stdout).toMatch(/confusion, dark +new.pictures.confusion-dark\.svg/)
    expect((await readdir(path('new', 'pictures'))).sort()).toEqual(['confusion-dark.svg', 'confusion.svg'])
    await run(train)
    const drawn = (...names: string[]) => readFile(path(...names, 'confusion.svg'), 'utf8')
    expect(await drawn('new', 'pictures')).toBe(await drawn('model', 'charts'))
  })

  it('says before it evaluates that it cannot, and leaves nothing', async () => {
    await writeFile(path('file'), 'mine')
    const { exitCode, stderr, stdout } = await run(['evaluate', 'model', '--charts', join('file', 'pictures'), ...fast])
    expect(exitCode).toBe(3)
    expect(stderr).toMatch(/MNAS_EVALUATE_CHARTS.*file.pictures.*a file stands where a folder is needed.*another --charts/)
    expect(stderr).not.toContain('evaluation')
    expect(stdout).toBe('')
  })
})
