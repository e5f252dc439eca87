import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { expectLine } from './failing.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const path = (...names: string[]) => join(folder.path, ...names)

/** Enough for the program, its images and the training's state; not for a step of 64 images (about 550 MiB in the fast mode). */
const dataLimitKibibytes = 800_000

beforeAll(async () => {
  folder = await temporaryFolder('memory')
  await smallPictures(path('photos'), { training: 24, size: 64 })
})
afterAll(() => folder.remove())

/** `mnas train` under a limit of the memory that it may write to, which its children inherit. */
function train(...args: readonly string[]) {
  const all = [
    'train',
    'mnasnet-a1',
    '--data',
    'photos',
    '--size',
    '96',
    '--epochs',
    '1',
    '--threads',
    '2',
    '--workers',
    '0',
    ...args,
  ]
  const through = ['bash', '-c', `ulimit -d ${dataLimitKibibytes} && exec "$@"`, 'bash']
  return mnas(all, { cwd: folder.path, env: { MNAS_CACHE_FOLDER: path('cache'), MNAS_PROGRESS: 'none' }, through })
}

/** Elsewhere no limit of a process counts the memory that is used, or none can be set without other rights. */
describe.skipIf(process.platform !== 'linux')('a training that does not fit into memory', () => {
  it('names the batch that fits, leaves nothing behind, and fits with it', async () => {
    const failed = await train('--batch', '64', '--out', 'model')
    const says =
      /batches of 64 .*Expected about .* more for its steps, received .* \(ulimit -d\)\. Train with --batch \d+ --accumulate \d+,/
    expectLine(failed, { code: 'MNAS_TRAIN_MEMORY', exit: 6, says })
    expect((await readdir(folder.path)).sort()).toEqual(['cache', 'photos'])

    const [batch, accumulate] = /--batch \d+ --accumulate \d+/.exec(failed.stderr)![0].match(/\d+/g)!
    expect(Number(batch) * Number(accumulate)).toBe(64)
    const { stderr, exitCode } = await train('--batch', batch!, '--accumulate', accumulate!, '--out', 'model')
    expect(exitCode, stderr).toBe(0)
  }, 120_000)
})
