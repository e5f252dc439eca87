import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { failureAnswer } from '@mnas/core/answers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { readAnswers } from '../../scripts/json-reference.mjs'
import { type Ended, mnas } from '../support/mnas.js'
import { nativeLibrary } from '../support/native-library.js'
import { smallPictures } from '../support/pictures.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { writeTinyNetwork } from '../support/tiny-network.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { workspaces: readonly string[] }
const { answers, tasks } = await readAnswers()
const schemas: Readonly<Record<string, z.ZodType>> = { ...answers, failure: failureAnswer }

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const picture = join('pictures', 'val', 'disc', 'disc-000.jpg')
const fast = ['--threads', '1', '--workers', '0']
const small = ['--device', 'replay', '--size', '32', '--width', '0.35']
const search = [
  ...['search', '--data', 'pictures', '--out', 'run', ...small, ...fast],
  ...['--target-latency', '6ms', '--trials', '2', '--proxy-epochs', '1'],
]
const check = ['search', 'proxy', '--data', 'pictures', '--out', 'check', '--size', '32', '--width', '0.35', '--networks', '3']

/** A command of each kind, in the order in which they need each other. */
const commands: [answer: string, args: readonly string[], exitCode?: number][] = [
  ['arch list', ['arch', 'list']],
  ['arch show', ['arch', 'show', 'mnasnet-a1', '--size', '96', '--task-option', 'classes=4']],
  ['arch schema', ['arch', 'schema']],
  ['config show', ['config', 'show']],
  ['doctor', ['doctor']],
  ['device list', ['device', 'list']],
  ['device describe', ['device', 'describe', 'host']],
  ['device doctor', ['device', 'doctor', 'replay']],
  ['device emulator', ['device', 'emulator', '--seconds', '1']],
  ['device compare', ['device', 'compare', 'tiny.json', 'mnasnet-small@0.35', '--device', 'replay']],
  ['device create', ['device', 'create', 'rover']],
  ['device benchmark', ['device', 'benchmark', 'tiny.json', '--device', 'replay']],
  ['search --dry-run', [...search, '--dry-run']],
  ['search', search],
  ['search front', ['search', 'front', 'run']],
  ['search show', ['search', 'show', 'run']],
  ['search latency', ['search', 'latency', 'run', '--unseen', '1', '--device', 'replay']],
  ['search report', ['search', 'report', 'run']],
  ['search watch', ['search', 'watch', 'run']],
  ['search new', ['search', 'new', 'asked', '--classes', '4', '--target-latency', '6ms', ...small]],
  ['search ask', ['search', 'ask', 'asked', '-n', '2']],
  ['search renew', ['search', 'renew', 'asked', '--lease', '1-1', '--for', '2h']],
  ['search tell', ['search', 'tell', 'asked', '--trial', '1', '--metric', 'top1=.5']],
  ['search show', ['search', 'show', 'asked']],
  ['search proxy', [...check, '--epochs', '1', '--proxy-epochs', '1', '--proxy-size', '24', ...fast]],
  ['data check', ['data', 'check', 'pictures']],
  ['train', ['train', 'tiny.json', '--data', 'pictures', '--out', 'model', '--epochs', '2', '--batch', '8', ...fast]],
  ['evaluate', ['evaluate', 'model', ...fast]],
  ['evaluate', ['evaluate', 'model', '--charts', 'pictures-of-it', ...fast]],
  ['predict', ['predict', 'model', picture]],
  ['predict', ['predict', 'model', picture, 'tiny.json'], 7],
  ['deploy', ['deploy', 'model', '--device', 'replay', ...fast]],
  ['deploy', ['deploy', 'tiny.json', '--random-weights', '--device', 'replay', '--out', 'files', ...fast]],
  ['export', ['export', 'model', '--format', 'tflite', '--out', 'files']],
  ['zoo publish', ['zoo', 'publish', 'model', '--to', 'zoo', '--name', 'me/tiny', '--licence', 'MIT', '--allow-emulated']],
  ['zoo show', ['zoo', 'show', 'me/tiny', '--zoo', 'zoo', '--lineage', '--history', 'top1']],
  ['zoo diff', ['zoo', 'diff', 'mnas/mnasnet-a1', 'mnas/mnasnet-b1']],
  ['zoo list', ['zoo', 'list', '--zoo', 'zoo']],
  ['zoo search', ['zoo', 'search', '--zoo', 'zoo', '--sort', 'top1']],
  ['zoo pull', ['zoo', 'pull', 'me/tiny', '--zoo', 'zoo', '--out', 'pulled']],
  ['zoo cache', ['zoo', 'cache', '--check']],
  ['zoo lint', ['zoo', 'lint', 'zoo']],
  ['zoo site', ['zoo', 'site', 'zoo', '--out', 'site']],
  ['zoo lint --schema', ['zoo', 'lint', '--schema']],
  ['zoo verify', ['zoo', 'verify', 'me/tiny', '--zoo', 'zoo']],
  ['zoo key', ['zoo', 'key', '--out', 'key.pem']],
  ['zoo attest', ['zoo', 'attest', 'me/tiny', '--zoo', 'zoo', '--device', 'replay', '--key', 'key.pem']],
  ['zoo trust add', ['zoo', 'trust', 'add', 'me/*', 'key.pem.pub', '--mode', 'enforce']],
  ['zoo trust list', ['zoo', 'trust', 'list']],
  ['zoo verify', ['zoo', 'verify', 'me/tiny', '--zoo', 'zoo', '--level', 'files'], 13],
  ['zoo trust rm', ['zoo', 'trust', 'rm', 'me/*']],
  ['zoo rm', ['zoo', 'rm', 'me/tiny@1.0.0', '--from', 'zoo', '--reason', 'only a test']],
  ['zoo gc', ['zoo', 'gc', 'zoo']],
  ['failure', ['evaluate', 'nowhere'], 3],
  ['failure', ['evaluate'], 2],
  ['failure', ['no-such-command'], 2],
  ['failure', ['device', 'setup', 'host'], 2],
]

/** Too long for here: "npm run demo", and test/import; or in need of a phone: test/device/android.test.ts. */
const elsewhere = ['demo', 'demo --detection', 'import', 'device profile']

const library = nativeLibrary()

beforeAll(async () => {
  folder = await temporaryFolder('json')
  await smallPictures(join(folder.path, 'pictures'))
  await writeTinyNetwork(join(folder.path, 'tiny.json'))
})
afterAll(() => folder.remove())

const results = new Map<string, Ended>()

describe('--json', () => {
  it.each(commands)('%s: %j is one JSON value of the promised fields, and all of stdout', async (answer, args, exitCode = 0) => {
    const config = { XDG_CONFIG_HOME: join(folder.path, 'config') }
    const env = { MNAS_CACHE_FOLDER: join(folder.path, 'cache'), MNAS_PROGRESS: 'plain', ...config }
    const result = await mnas([...args, '--json'], { cwd: folder.path, env })
    results.set(args.join(' '), result)
    expect(result.exitCode, result.stderr).toBe(exitCode)
    expect(result.stdout).toMatch(/^\{[\s\S]*\}\n$/)
    expect(schemas[answer]!.safeParse(result.json()).error?.issues ?? [], result.stdout).toEqual([])
    expect(issuesOfTask(result.json()), result.stdout).toEqual([])
  })

  it.skipIf(library === undefined && !process.env['CI'])('device setup, with a library at hand', async () => {
    const args = ['device', 'setup', 'host', '--option', `library=${library}`, '--cache-folder', 'other-cache', '--yes', '--json']
    const { stderr, exitCode, json } = await mnas(args, { cwd: folder.path })
    expect(exitCode, stderr).toBe(0)
    expect(schemas['device setup']!.safeParse(json()).error?.issues ?? []).toEqual([])
  })

  const jsonOf = <T>(args: readonly string[]): T => results.get(args.join(' '))!.json<T>()
  const argsOf = (answer: string) => commands.find(([name]) => name === answer)![1]
  interface Found {
    readonly best: string
    readonly candidates: readonly { readonly id: string }[]
  }
  interface Predicted {
    readonly predictions: readonly { readonly output: { readonly predictions: readonly unknown[] } }[]
  }
  type Timed = Readonly<Record<'processes' | 'inputs' | 'outputs', readonly unknown[]>>

  it('says what is known of these very answers', () => {
    expect(jsonOf<{ architectures: readonly unknown[] }>(['arch', 'list']).architectures.length).toBeGreaterThanOrEqual(5)
    expect(jsonOf(['arch', 'schema'])).toMatchObject({ $schema: expect.any(String), properties: expect.any(Object) })
    expect(jsonOf<{ devices: readonly unknown[] }>(['device', 'list']).devices.length).toBeGreaterThanOrEqual(2)
    expect(jsonOf(['device', 'describe', 'host'])).toMatchObject({ name: 'host', kind: 'host', emulated: false })
    expect(jsonOf<{ trials: readonly unknown[] }>(['search', 'show', 'run']).trials.length).toBeGreaterThanOrEqual(1)
    expect(jsonOf<{ charts: readonly unknown[] }>(argsOf('train')).charts).toHaveLength(4)
    expect(jsonOf<Found>(search).candidates.length).toBeGreaterThanOrEqual(1)
    expect(jsonOf<Found>(['search', 'front', 'run']).candidates.length).toBeGreaterThanOrEqual(1)
    for (const args of commands.filter(([name]) => name === 'predict').map(([, args]) => args))
      expect(jsonOf<Predicted>(args).predictions[0]!.output.predictions).toHaveLength(4)
    const timed = jsonOf<Timed>(argsOf('device benchmark'))
    for (const list of [timed.processes, timed.inputs, timed.outputs]) expect(list.length).toBeGreaterThanOrEqual(1)
  })

  it('tells the same of a run whether it is searched, shown or asked for its front', () => {
    const { best, candidates } = jsonOf<Found>(search)
    expect(candidates.map(({ id }) => id)).toContain(best)
    expect(jsonOf<Found>(['search', 'front', 'run']).candidates).toEqual(candidates)
    expect(jsonOf<Found>(['search', 'show', 'run'])).toMatchObject({ best, candidates })
  })

  it('tells the same of a model whether it is trained or evaluated', () => {
    const { history: _, heldOut: __, ...trained } = jsonOf<Record<string, unknown>>(argsOf('train'))
    const { images, split, trainedOn, ...evaluated } = jsonOf<Record<string, unknown>>(['evaluate', 'model', ...fast])
    expect({ images, split, trainedOn }).toEqual({ images: 16, split: 'validation', trainedOn: 0 })
    expect(Object.keys(evaluated).sort()).toEqual(Object.keys(trained).sort())
    expect(evaluated).toMatchObject({ epochs: 2, metrics: trained['metrics'] })
    const deployed = jsonOf<Record<string, unknown>>(['deploy', 'model', '--device', 'replay', ...fast])
    expect(deployed).toMatchObject({
      verifiedOn: 'photos',
      images: 16,
      files: [{ agreement: { top1Agreement: 1 } }],
      randomWeights: false,
      emulated: true,
    })
  })

  it('has the fields of version 1, for classification', () => {
    const task = ['balancedAccuracy', 'count', 'loss', 'perClass.*', 'top1', 'top5']
    const of = (part: string) => task.map((name) => `${part}.${name}`)
    const epoch = ['epoch', 'learningRate', 'step', 'trainingLoss'].map((name) => `history.${name}`)
    const charts = ['file', 'name', 'theme'].map((name) => `charts.${name}`)
    const agreement = ['engineTop1', 'maxLogProbabilityError', 'meanKl', 'top1', 'top1Agreement']
    const comparison = ['distance', 'quality.engine', 'quality.file', 'sameAnswers']
    const runtime = ['name', 'sha256', 'version']
    const file = ['file', 'format', 'latencyMs', 'layers', 'precision', 'recipe', 'sha256', 'sizeBytes', 'spread', 'stable']
    const expected: Readonly<Record<string, readonly string[]>> = {
      train: ['version', 'bundle', 'epochs', ...charts, ...of('metrics'), ...of('heldOut'), ...epoch, ...of('history.metrics')],
      evaluate: ['version', 'bundle', 'epochs', 'images', 'split', 'trainedOn', ...of('metrics')],
      predict: ['version', 'predictions.error', 'predictions.image', ...['label', 'probability'].map(inPrediction)],
      deploy: [
        ...['version', 'device', 'emulated', 'images', 'macs', 'parameters', 'randomWeights', 'verifiedOn'],
        ...agreement.map((name) => `files.agreement.${name}`),
        ...comparison.map((name) => `files.comparison.${name}`),
        ...runtime.map((name) => `files.runtime.${name}`),
        ...file.map((name) => `files.${name}`),
      ],
    }
    for (const [command, fields] of Object.entries(expected))
      expect([command, fieldsOf(jsonOf(argsOf(command)))]).toEqual([command, fields.toSorted()])
  })

  it('is of the type that its schema gives, for every command', () => {
    const sources = workspaces.flatMap((workspace) =>
      commandFiles(join(root, workspace)).map((file) => join(workspace, 'src/commands', file)),
    )
    const promise = /async run\(\): Promise<\w+Answer\b/
    expect(sources.filter((file) => !promise.test(readFileSync(join(root, file), 'utf8')))).toEqual([])
  })

  it('is checked for every command', () => {
    const names = workspaces.flatMap((workspace) => commandsOf(join(root, workspace)))
    const checked = [...new Set([...commands.map(([name]) => name), 'device setup', ...elsewhere])]
    expect(checked.sort()).toEqual(Object.keys(schemas).sort())
    // Answers that a flag makes others of.
    const others = ['failure', 'search --dry-run', 'demo --detection', 'zoo lint --schema']
    expect(checked.filter((name) => !others.includes(name))).toEqual(names.toSorted())
  })
})

/** What is wrong with metrics, agreement and output, which the answers leave to the task, wherever they stand. */
function issuesOfTask(value: unknown): readonly unknown[] {
  // A claim (which has a basis) holds some of a task's metrics, and a schema none at all.
  if (typeof value !== 'object' || value === null || 'basis' in value || '$schema' in value) return []
  const { metrics, agreement, output } = tasks['classification']!
  const ofTask: Readonly<Record<string, z.ZodType | undefined>> = { metrics, heldOut: metrics, agreement, output }
  return Object.entries(value).flatMap(([name, part]) => {
    const schema = part === null ? undefined : ofTask[name]
    return schema ? (schema.safeParse(part).error?.issues ?? []) : issuesOfTask(part)
  })
}

const inPrediction = (name: string) => `predictions.output.predictions.${name}`

/** Names of all values, those of lists once, and labels as `*`. Lists without values have none. */
function fieldsOf(value: unknown, path = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [path.replace(/(perClass)\..*$/, '$1.*')]
  const below = Object.entries(value).flatMap(([name, part]) => {
    if (Array.isArray(value)) return fieldsOf(part, path)
    return fieldsOf(part, path === '' ? name : `${path}.${name}`)
  })
  return [...new Set(below)].filter((name) => name !== 'history.metrics').sort()
}

/** Names of the commands of a package: `arch/show.ts` is `arch show`, `search/index.ts` is `search`. */
const commandsOf = (workspace: string): readonly string[] =>
  commandFiles(workspace).map((file) => file.replace(/(?:\/index)?\.ts$/, '').replaceAll('/', ' '))

function commandFiles(workspace: string): readonly string[] {
  const folder = join(workspace, 'src', 'commands')
  if (!existsSync(folder)) return []
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return files.filter((file) => file.endsWith('.ts')).map((file) => file.replaceAll('\\', '/'))
}
