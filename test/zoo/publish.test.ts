import { appendFile, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { namedArchitecture, withTask } from '@mnas/core/architecture'
import type { Tensor } from '@mnas/core/contracts'
import { writeSafetensors } from '@mnas/core/weights'
import type { ZooEntry } from '@mnas/plugin-zoo'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { timmState } from '../../packages/core/test/import/state-dictionaries.js'
import { mnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { runPython, testPython } from '../support/python/python.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { writeTinyNetwork } from '../support/tiny-network.js'

interface Answer {
  readonly outcome: string
  readonly digest: string
  readonly generation: number | null
  readonly entry: ZooEntry
  readonly error?: { readonly code: string; readonly message: string }
}

const python = testPython()
if (python === null)
  console.warn('Skipped: cards read by huggingface_hub. Set MNAS_PYTHON to a Python with bench/requirements.txt')

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const at = (...names: readonly string[]) => join(folder.path, ...names)
const cli = (...words: readonly string[]) =>
  mnas(words, { cwd: folder.path, env: { MNAS_CACHE_FOLDER: at('cache'), MNAS_PROGRESS: 'plain' } })
const fast = ['--threads', '1', '--workers', '0']
const licensed = ['--licence', 'MIT', '--allow-emulated']
const publish = async (model: string, ...words: readonly string[]) =>
  (
    await cli(
      'zoo',
      'publish',
      model,
      '--to',
      'zoo',
      ...words,
      ...(words.includes('--name') ? [] : ['--name', 'me/tiny']),
      '--json',
    )
  ).json<Answer>()
const lint = async (path: string) => (await cli('zoo', 'lint', path, '--json')).json<Answer>()

beforeAll(async () => {
  folder = await temporaryFolder('publish')
  await writeTinyNetwork(at('tiny.json'))
  await smallPictures(at('pictures'))
  await cli('train', 'tiny.json', '--data', 'pictures', '--out', 'model', '--epochs', '1', '--batch', '8', ...fast)
  const deployed = await cli('deploy', 'model', '--device', 'replay', '--quantize', 'none,int8', '--no-layers', '--json', ...fast)
  expect(deployed.exitCode).toBe(0)
  await cli('export', 'model', '--format', 'tfjs')
}, 240_000)
afterAll(() => folder.remove())

describe('mnas zoo publish', () => {
  it('shows what would be published, and writes nothing', async () => {
    const answer = await publish('model', ...licensed, '--dry-run')
    expect(answer).toMatchObject({ outcome: 'dry-run', generation: null })
    expect(await readdir(folder.path)).not.toContain('zoo')
    const shown = await cli('zoo', 'publish', 'model', '--to', 'zoo', '--name', 'me/tiny', ...licensed, '--dry-run')
    expect(shown.stdout).toContain('mnas evaluate model --data pictures')
    expect(shown.stdout).toContain('(emulated: no hardware)')
    expect(shown.stdout).toContain(answer.digest)
  })

  it('makes a whole entry of what train, deploy and export wrote, and is no change the second time', async () => {
    const { outcome, digest, entry } = await publish('model', ...licensed)
    expect(outcome).toBe('published')
    const roles = entry.files.map(({ role, path }) => [role, path])
    expect(roles).toEqual(
      expect.arrayContaining([
        ['model', 'model.json'],
        ['weights', 'weights.safetensors'],
        ['export', 'exports/model-32px.tflite'],
        ['facts', 'exports/model-32px.tflite.json'],
        ['export', 'exports/model-32px-int8.tflite'],
        ['export', 'exports/model-32px.tfjs/model.json'],
        ['golden', 'golden.json'],
        ['chart', 'charts/training.svg'],
        ['card', 'README.md'],
      ]),
    )
    const { metrics, provenance } = JSON.parse(await readFile(at('model', 'model.json'), 'utf8'))
    const [weights, ...exports] = entry.accuracy
    expect(weights).toMatchObject({
      ...{ basis: 'measured', right: metrics.top1 * 16, decoder: 'exact' },
      metrics: { top1: metrics.top1 },
      dataset: { name: 'pictures', split: 'validation', fingerprint: provenance.data.fingerprint, images: 16 },
    })
    expect(exports).toHaveLength(2)
    expect(exports.every(({ right, interval95 }) => right !== null && interval95 !== null)).toBe(true)
    expect(entry.latency).toHaveLength(2)
    expect(entry.latency.every(({ device, processes, runs }) => device.emulated && processes === 3 && runs === 150)).toBe(true)
    expect(entry.lineage).toMatchObject({ kind: 'training', job: provenance.job, seed: 0, epochs: 1, search: null })
    const card = await readFile(at('zoo', 'entries', 'me', 'tiny', '1.0.0', 'README.md'), 'utf8')
    expect(card).toMatch(/^---\nlicense: mit\nlibrary_name: mnas\npipeline_tag: image-classification\n/)
    expect(await publish('model', ...licensed)).toMatchObject({ outcome: 'unchanged', digest, generation: 1 })
  })

  it.skipIf(python === null)("makes a card in which the hub's own library reads the same numbers", async () => {
    const { entry } = await publish('model', ...licensed)
    const card = at('zoo', 'entries', 'me', 'tiny', '1.0.0', 'README.md')
    const read = JSON.parse(await runPython(python!, 'test/zoo/read_card.py', [card]))
    const { metrics, dataset } = entry.accuracy[0]!
    const { count: _, ...values } = metrics
    expect(read).toMatchObject({
      license: 'mit',
      library_name: 'mnas',
      pipeline_tag: 'image-classification',
      datasets: ['pictures'],
    })
    expect(read.results).toEqual(
      Object.entries(values).map(([metric, value]) => ({
        ...{
          task: 'image-classification',
          dataset: 'pictures',
          split: 'validation',
          revision: dataset.fingerprint,
          metric,
          value,
        },
      })),
    )
  })

  it('publishes other bytes under another release alone, which says what it supersedes', async () => {
    const first = await publish('model', ...licensed)
    const card = at('card.yaml')
    await writeFile(card, 'summary: tiny and more <b>\nlimits: pictures of 40 px\n')
    const other = [...licensed, '--card', 'card.yaml'] as const
    expect((await publish('model', ...other)).error?.code).toBe('MNAS_ZOO_RELEASE_TAKEN')
    const second = await publish('model', ...other, '--release', '1.1.0')
    expect(second).toMatchObject({
      outcome: 'published',
      entry: { supersedes: first.digest, card: { limits: 'pictures of 40 px' } },
    })
    expect(await readFile(at('zoo', 'entries', 'me', 'tiny', '1.1.0', 'README.md'), 'utf8')).toContain('tiny and more &lt;b&gt;')
    const shown = await cli('zoo', 'show', 'me/tiny', '--zoo', 'zoo', '--history', 'top1')
    expect(shown.stdout.match(/^1\.[01]\.0 .*weights/gm)).toHaveLength(2)
    const diff = (await cli('zoo', 'diff', 'me/tiny@1.0.0', 'me/tiny', '--zoo', 'zoo', '--json')).json<{
      readonly fields: readonly { readonly field: string }[]
      readonly files: readonly { readonly path: string }[]
    }>()
    expect(diff.fields.map(({ field }) => field)).toEqual(['release', 'summary'])
    expect(diff.files.map(({ path }) => path)).toEqual(['README.md'])
  })

  it('refuses with a name and a status', async () => {
    const refused = await cli('zoo', 'publish', 'model', '--to', 'zoo', '--name', 'me/tiny', '--licence', 'MIT')
    expect(refused.exitCode).toBe(3)
    expect(refused.stderr).toMatch(/MNAS_ZOO_EMULATED: .*"replay".*--allow-emulated/)
  })
})

describe('mnas zoo lint', () => {
  it('takes a zoo as it was published, and names what was done to it', async () => {
    await publish('model', ...licensed)
    const looked = (await cli('zoo', 'lint', 'zoo', '--json')).json<{ readonly entries: readonly object[] }>()
    expect(looked.entries).toContainEqual(expect.objectContaining({ name: 'me/tiny', release: '1.0.0' }))
    await cp(at('zoo'), at('spoilt'), { recursive: true })
    const entry = at('spoilt', 'entries', 'me', 'tiny', '1.0.0', 'entry.json')
    const { files } = JSON.parse(await readFile(entry, 'utf8')) as ZooEntry
    const blob = (index: number) => at('spoilt', 'blobs', files[index]!.sha256.slice(0, 2), files[index]!.sha256)
    await appendFile(blob(0), 'x')
    await rm(blob(1))
    const spoilt = await cli('zoo', 'lint', 'spoilt')
    expect(spoilt.exitCode).toBe(3)
    expect(spoilt.stdout.match(/MNAS_ZOO_ENTRY_FILE/g)!.length).toBeGreaterThanOrEqual(2)
    await mkdir(at('spoilt', 'entries', 'you'), { recursive: true })
    await cp(at('zoo'), at('moved'), { recursive: true })
    await cp(at('moved', 'entries', 'me'), at('moved', 'entries', 'you'), { recursive: true })
    expect((await lint('moved')).error?.code).toBe('MNAS_ZOO_ENTRY_PLACE')
  })

  it('says where there is no entry', async () => {
    for (const path of ['nowhere', 'pictures']) expect((await lint(path)).error?.code).toBe('MNAS_ZOO_LINT_TARGET')
    await writeFile(at('e.json'), '{"version": 2}')
    expect((await lint('e.json')).error?.code).toBe('MNAS_ZOO_ENTRY_VERSION')
  })
})

describe('where a network comes from', () => {
  it('is the search that found it: run, front and candidate, from the run to the entry', async () => {
    const small = ['--device', 'replay', '--size', '32', '--width', '0.35', '--target-latency', '6ms']
    const search = ['search', '--data', 'pictures', '--out', 'run', ...small, '--trials', '2', '--proxy-epochs', '1']
    const { best } = (await cli(...search, '--retrain-top', '0', '--json', ...fast)).json<{ readonly best: string }>()
    await cli('train', 'run', '--data', 'pictures', '--out', 'found', '--epochs', '1', '--batch', '8', ...fast)
    const { entry } = await publish('found', '--licence', 'MIT', '--name', 'me/found')
    const search1 = entry.lineage.kind === 'training' ? entry.lineage.search : null
    expect(search1).toMatchObject({ strategy: expect.any(String), space: 'mnasnet', targetMs: 6, trained: 2, candidate: best })
    expect(entry.files.find(({ role }) => role === 'front')?.sha256).toBe(search1!.front)
    const shown = await cli('zoo', 'show', 'me/found', '--zoo', 'zoo', '--lineage')
    expect(shown.stdout).toMatch(new RegExp(`^ {2}\\* +${best} `, 'm'))
    expect(shown.stdout).toContain('search     run')
  }, 120_000)

  it('is the library whose weights were imported, with the licence of that', async () => {
    const network = withTask(namedArchitecture('mnasnet-small@0.35'), 'classification', { classes: 4, dropout: 0 })
    const tensors = Object.entries(timmState(network)).map(([name, shape]): [string, Tensor] => {
      const length = shape.reduce((product, side) => product * side, 1)
      const value = (at: number) => (name.endsWith('running_var') ? 1 : Math.sin(at) / 10)
      return [name, { dtype: 'float32', shape, data: Float32Array.from({ length }, (_, at) => value(at)) }]
    })
    await writeSafetensors(at('mnasnet_small.safetensors'), Object.fromEntries(tensors))
    const imported = await cli('import', 'mnasnet_small.safetensors', '--from', 'timm', '--out', 'imported', '--json')
    expect(imported.exitCode, imported.stdout).toBe(0)
    const { entry } = await publish('imported', '--name', 'me/imported')
    expect(entry).toMatchObject({
      licence: { weights: 'Apache-2.0', data: [] },
      ...{ accuracy: [], latency: [], classes: 4 },
      lineage: { kind: 'imported', from: 'timm', file: 'mnasnet_small.safetensors', parent: null },
    })
    expect(entry.files.map(({ role }) => role)).toEqual(['model', 'weights', 'golden', 'card'])
    expect((await publish('imported', '--name', 'me/imported', '--licence', 'MIT')).error?.code).toBe('MNAS_ZOO_RELICENSE')
  })
})
