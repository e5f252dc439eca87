import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bin, mnas, startMnas } from '../support/mnas.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { tinyNetwork } from '../support/tiny-network.js'
import { colouredPictures } from './coloured-pictures.js'

/** A task that no package knows, through every command, as a plug-in that is linked from a folder of its own. */
const root = fileURLToPath(new URL('../..', import.meta.url))
const plugin = fileURLToPath(new URL('plugin', import.meta.url))
let folder: Awaited<ReturnType<typeof temporaryFolder>>
const run = (...args: readonly string[]) => mnas(args, options())
const answer = async (...args: readonly string[]) => {
  const ended = await run(...args, '--json')
  expect(ended.exitCode, ended.stdout + ended.stderr).toBe(0)
  return ended.json()
}
const options = () => ({
  cwd: folder.path,
  bin: join(folder.path, 'installation', 'bin', 'run.js'),
  env: { MNAS_CACHE_FOLDER: join(folder.path, 'cache'), MNAS_PROGRESS: 'plain' },
})
const fast = ['--threads', '1', '--workers', '0']

/** This checkout with one plug-in more. */
async function install(): Promise<void> {
  const path = join(folder.path, 'installation')
  await mkdir(join(path, 'bin'), { recursive: true })
  await mkdir(join(path, 'node_modules'))
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  manifest.oclif.plugins = [...manifest.oclif.plugins, 'mnas-task-colours']
  manifest.dependencies['mnas-task-colours'] = '1.0.0'
  await writeFile(join(path, 'package.json'), JSON.stringify(manifest))
  await writeFile(join(path, 'bin', 'run.js'), await readFile(bin, 'utf8'))
  await symlink(join(root, 'node_modules', '@mnas'), join(path, 'node_modules', '@mnas'), 'dir')
  await symlink(join(root, 'node_modules', '@oclif'), join(path, 'node_modules', '@oclif'), 'dir')
  await symlink(plugin, join(path, 'node_modules', 'mnas-task-colours'), 'dir')
}

beforeAll(async () => {
  folder = await temporaryFolder('second-task')
  await install()
  await mkdir(join(folder.path, 'pictures'))
  await colouredPictures(join(folder.path, 'pictures'), 40)
  await writeFile(join(folder.path, 'net.json'), JSON.stringify({ ...tinyNetwork, task: { name: 'colours', options: {} } }))
})
afterAll(() => folder.remove())

const train = ['train', 'net.json', '--data', 'pictures', '--epochs', '6', ...fast]

describe('a task from outside the packages', () => {
  it('trains, says what it took the folder for and shows its own metric', async () => {
    const ended = await run(...train, '--out', 'model')
    expect(ended.exitCode, ended.stderr).toBe(0)
    expect(ended.stderr).toContain('28 train, 6 held out, 6 validation')
    expect(ended.stdout).toMatch(/^model: closeness \d+\.\d % on the validation images after 6 epochs$/m)
    expect(ended.stderr).toMatch(/held-out loss [\d.]+, closeness [\d.]+ %, mean error in levels [\d.]+/)
    const bundle = JSON.parse(await readFile(join(folder.path, 'model', 'model.json'), 'utf8'))
    expect(bundle).toMatchObject({
      task: { name: 'colours', options: { width: 8 } },
      labels: [],
      preprocessing: { fit: { kind: 'letterbox', fill: [0, 0, 0] } },
      metrics: { closeness: expect.any(Number), meanError: expect.any(Number) },
    })
    expect(bundle.metrics.closeness).toBeGreaterThan(0.8)
  })

  it('goes on after kill -9 to the same bits', async () => {
    const killed = startMnas([...train, '--out', 'killed'], options())
    await killed.says(/epoch 2\/6: training loss/)
    killed.kill('SIGKILL')
    await killed.ended
    await answer(...train, '--out', 'killed')
    const weights = (out: string) => readFile(join(folder.path, out, 'weights.safetensors'))
    const tail = (bytes: Buffer) => bytes.subarray(8 + Number(bytes.readBigUInt64LE(0))).toString('base64')
    expect(tail(await weights('killed'))).toBe(tail(await weights('model')))
  })

  it('evaluates to the very numbers of its training', async () => {
    const { metrics } = await answer('evaluate', 'model', ...fast)
    expect(metrics).toEqual(JSON.parse(await readFile(join(folder.path, 'model', 'model.json'), 'utf8')).metrics)
  })

  it('predicts in its own words, in pixels of the photo, and draws', async () => {
    const { predictions } = await answer('predict', 'model', 'pictures/picture-03.png', '--draw', 'drawn')
    const [{ output }] = predictions as [{ output: { brightest: number[]; photo: number[] } }]
    expect(output.photo).toEqual([40, 45])
    for (const axis of [0, 1]) {
      expect(output.brightest[axis]).toBeGreaterThanOrEqual(-3)
      expect(output.brightest[axis]).toBeLessThan(output.photo[axis]! + 3)
    }
    expect((await run('predict', 'model', 'pictures/picture-03.png')).stdout).toMatch(
      /^pictures\/picture-03\.png: rgb\(\d+, \d+, \d+\)$/m,
    )
    expect(await readFile(join(folder.path, 'drawn', 'picture-03.svg'), 'utf8')).toMatch(/^<svg /)
    const refused = await run('predict', 'model', 'pictures/picture-03.png', '--threshold', '.5')
    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('MNAS_PREDICT_OPTION') })
    expect(refused.stderr).toContain('The answers of the task colours cannot be told with the option "threshold"')
  })

  it('exports and deploys, with its own agreement', async () => {
    const exported = await answer('export', 'model', '--format', 'tfjs', '--out', 'files')
    expect(exported).toMatchObject({ format: 'tfjs', randomWeights: false })
    const ended = await run('deploy', 'model', '--device', 'replay', ...fast)
    expect(ended.exitCode, ended.stderr).toBe(0)
    expect(ended.stdout).toMatch(/agreement\s+largest difference [\d.e+-]+ levels on 6 images/)
  })

  it('is what a search learns, on its own metric', async () => {
    const search = ['search', '--task', 'colours', '--data', 'pictures', '--device', 'replay', '--out', 'found', ...fast]
    const small = ['--size', '32', '--width', '0.35', '--target-latency', '6ms', '--trials', '2', '--proxy-epochs', '1']
    const ended = await run(...search, ...small)
    expect(ended.exitCode, ended.stderr).toBe(0)
    expect(ended.stderr).toMatch(/trial 2\/2 [0-9a-f]{12}: closeness \d+\.\d %, [\d.]+ ms/)
    expect(ended.stdout).toMatch(/^candidate +closeness +latency/m)
    const { candidates, settings } = await answer('search', 'show', 'found')
    expect(settings).toMatchObject({ task: { name: 'colours', options: { width: 8 } }, headline: { name: 'closeness' } })
    expect(candidates).not.toHaveLength(0)
    await answer('train', 'found', '--data', 'pictures', '--epochs', '1', '--out', 'best', ...fast)
  })

  it('is fine-tuned from a classifier, whose mean and deviation it takes over and whose crop it does not', async () => {
    const classifier = { ...tinyNetwork, task: { name: 'classification', options: { classes: 4, dropout: 0 } } }
    await writeFile(join(folder.path, 'classifier.json'), JSON.stringify(classifier))
    const { smallPictures } = await import('../support/pictures.js')
    await smallPictures(join(folder.path, 'classes'))
    await answer('train', 'classifier.json', '--data', 'classes', '--epochs', '1', '--batch', '8', '--out', 'classifier', ...fast)
    await answer(
      'train',
      '--init',
      'classifier',
      '--task',
      'colours',
      '--data',
      'pictures',
      '--epochs',
      '1',
      '--out',
      'tuned',
      ...fast,
    )
    const bundle = JSON.parse(await readFile(join(folder.path, 'tuned', 'model.json'), 'utf8'))
    expect(bundle).toMatchObject({
      task: { name: 'colours' },
      preprocessing: { fit: { kind: 'letterbox' }, mean: [127.5, 127.5, 127.5] },
      provenance: { start: { kind: 'inherit' } },
    })
  })
})
