import { access, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { writeTinyNetwork } from '../support/tiny-network.js'
import { expectFailure, expectJsonFailure, expectLine, listing } from './failing.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let cache: Awaited<ReturnType<typeof temporaryFolder>>
const options = () => ({ cwd: folder.path, env: { MNAS_CACHE_FOLDER: cache.path, MNAS_PROGRESS: 'none' } })
const path = (...names: string[]) => join(folder.path, ...names)

const train = (out: string, ...more: string[]) => [
  ...['train', 'tiny.json', '--data', 'pictures', '--out', out],
  ...['--epochs', '1', '--batch', '8', '--threads', '1', '--workers', '0', ...more],
]
const search = (out: string, ...more: string[]) => [
  ...['search', '--data', 'pictures', '--out', out, '--device', 'replay', '--size', '32', '--width', '0.35'],
  ...['--target-latency', '6ms', '--trials', '1', '--proxy-epochs', '1', '--threads', '1', '--workers', '0', ...more],
]
const deploy = (out: string, ...more: string[]) => [
  ...['deploy', 'tiny.json', '--random-weights', '--device', 'replay', '--out', out, ...more],
]

beforeAll(async () => {
  ;[folder, cache] = [await temporaryFolder('outputs'), await temporaryFolder('cache')]
  await smallPictures(path('pictures'))
  await writeTinyNetwork(path('tiny.json'))
  await writeFile(path('file'), 'mine')
  await mkdir(path('mine'))
  await writeFile(path('mine', 'thesis.txt'), 'years of work')
})
afterAll(() => Promise.all([folder.remove(), cache.remove()]))

describe('an output folder below a file', () => {
  const failure = { code: 'MNAS_FILE_WRITE', exit: 3, says: /a file stands where a folder is needed.*choose another --out/ }

  it.each([
    ['train', train(join('file', 'model'))],
    ['train into the file itself', train('file')],
    ['search', search(join('file', 'run'))],
    ['deploy', deploy(join('file', 'exports'))],
  ])('%s', (_, args) => expectFailure(args, failure, options()))

  it('is the answer with --json', () => expectJsonFailure(train(join('file', 'model')), failure, options()))
})

describe('an output folder that is something else', () => {
  it.each([
    ['holds a thesis', train('mine'), 'MNAS_TRAIN_FOLDER', /holds "thesis\.txt"\. Choose another --out/],
    ['holds a thesis, for a search', search('mine'), 'MNAS_RUN_FOLDER', /holds "thesis\.txt"\. Choose another --out/],
    ['is the images', train('pictures'), 'MNAS_TRAIN_FOLDER', /a place among the images/],
    ['is among the images', train(join('pictures', 'train', 'new')), 'MNAS_TRAIN_FOLDER', /a place among the images/],
    ['is the images, for a search', search('pictures'), 'MNAS_RUN_FOLDER', /a place among the images of "pictures"/],
    ['is among the images, for a search', search(join('pictures', 'runs', 'a')), 'MNAS_RUN_FOLDER', /a place among the images/],
    ['holds the images', train('.'), 'MNAS_TRAIN_FOLDER', /Expected a new or empty folder/],
  ])('%s', (_, args, code, says) => expectFailure(args, { code, exit: 3, says }, options()))
})

describe('results among the images of a model', () => {
  const among = (name: string) => join('pictures', 'val', name)
  const format = ['--format', 'tfjs']

  beforeAll(async () => {
    const { exitCode, stderr } = await mnas(train('model'), options())
    expect(exitCode, stderr).toBe(0)
  })
  afterAll(() => rm(path('model'), { recursive: true }))

  const says = /among (those|the images) of ".*pictures"/
  it.each([
    ['pictures of an evaluation', ['evaluate', 'model', '--charts', among('charts')], 'MNAS_EVALUATE_CHARTS'],
    ['a deployed file', ['deploy', 'model', '--device', 'replay', '--out', among('files')], 'MNAS_EXPORT_FOLDER'],
    ['an exported file', ['export', 'model', ...format, '--out', among('files')], 'MNAS_EXPORT_FOLDER'],
    ['an exported file, into the folder itself', ['export', 'model', ...format, '--out', 'pictures'], 'MNAS_EXPORT_FOLDER'],
  ])('%s', (_, args, code) => expectFailure(args, { code, exit: 3, says }, options()))

  it('of which the command was told, by a network without images', () =>
    expectFailure(
      deploy(among('files'), '--data', 'pictures'),
      { code: 'MNAS_EXPORT_FOLDER', exit: 3, says: /among those of "pictures"/ },
      options(),
    ))
})

describe('a cache folder that cannot be written', () => {
  it.each([
    ['train', train('never', '--cache-folder', 'file'), 'MNAS_DATA_CACHE', 7],
    ['search', search('never', '--cache-folder', 'file'), 'MNAS_FILE_WRITE', 3],
  ])('%s', (_, args, code, exit) =>
    expectFailure(args, { code, exit, says: /a file stands where a folder is needed/ }, options()),
  )
})

/** A disk on which no file may grow beyond so many KiB. */
function onSmallDisk(kibibytes: number, args: readonly string[]) {
  return mnas(args, { ...options(), through: ['bash', '-c', `ulimit -f ${kibibytes} && exec "$@"`, 'bash'] })
}

/** Nothing but whole files: what a writer began has gone. */
async function expectNoTemporaries(): Promise<void> {
  expect((await readdir(folder.path, { recursive: true })).filter((name) => name.endsWith('.tmp'))).toEqual([])
}

describe.skipIf(process.platform === 'win32')('a disk that is full', () => {
  const full = { code: 'MNAS_FILE_WRITE', exit: 3, says: /the file would exceed the allowed size|no space is left/ }

  it.each([
    ['at the beginning of a training', 1],
    ['at its first weights', 16],
  ])('%s, leaves nothing', async (_, kibibytes) => {
    expectLine(await onSmallDisk(kibibytes, train('full', '--cache-limit', '0')), full)
    await expect(access(path('full'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('at its checkpoint, keeps what is whole, and the same command continues where there is room', async () => {
    expectLine(await onSmallDisk(32, train('full', '--cache-limit', '0')), full)
    await expectNoTemporaries()
    await expect(access(path('full', 'model.json'))).rejects.toMatchObject({ code: 'ENOENT' })
    const continued = await mnas([...train('full', '--cache-limit', '0'), '--json'], options())
    expect(continued.exitCode, continued.stderr).toBe(0)
    await rm(path('full'), { recursive: true })
  })

  it('for the pixel cache, names the way out', async () => {
    const before = await listing(cache.path)
    const args = train('full', '--cache-folder', join(cache.path, 'small'))
    const says = /the file would exceed the allowed size.*--cache-limit 0/
    expectLine(await onSmallDisk(100, args), { code: 'MNAS_DATA_CACHE', exit: 7, says })
    await expect(access(path('full'))).rejects.toMatchObject({ code: 'ENOENT' })
    const pixels = (await listing(cache.path)).filter((line) => !before.includes(line) && line.includes('pixels'))
    expect(pixels).toEqual([])
  })

  it.each([
    ['at the beginning of a search', 1],
    ['at its first file', 100],
  ])('%s, leaves nothing', async (_, kibibytes) => {
    expectLine(await onSmallDisk(kibibytes, search('run', '--cache-limit', '0')), full)
    await expect(access(path('run'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('in the middle of a search, keeps what is whole, and the same command continues where there is room', async () => {
    expectLine(await onSmallDisk(2000, search('run', '--cache-limit', '0')), full)
    await expectNoTemporaries()
    const continued = await mnas([...search('run', '--cache-limit', '0'), '--json'], options())
    expect(continued.exitCode, continued.stderr).toBe(0)
    expect(continued.json()).toMatchObject({ counts: { completed: 1, failed: 0, pending: 0 } })
    await rm(path('run'), { recursive: true })
  })

  it('for deploy, leaves neither file nor folder', async () => {
    const before = await listing(folder.path)
    expectLine(await onSmallDisk(8, deploy('exports')), full)
    expect(await listing(folder.path)).toEqual(before)
  })
})
