import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defaultCacheFolder } from '@mnas/core/config'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ended, mnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { writeTinyNetwork } from '../support/tiny-network.js'
import { type Answer, schemas } from './schemas.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const picture = join('pictures', 'val', 'disc', 'disc-000.jpg')
const fast = ['--threads', '1', '--workers', '0']
const search = [
  ...['search', '--data', 'pictures', '--out', 'run', '--device', 'replay', '--size', '32', '--width', '0.35', ...fast],
  ...['--target-latency', '6ms', '--trials', '2', '--proxy-epochs', '1'],
]

/** A command of each kind, in the order in which they need each other. */
const commands: [answer: Answer, args: readonly string[], exitCode?: number][] = [
  ['arch list', ['arch', 'list']],
  ['arch show', ['arch', 'show', 'mnasnet-a1', '--size', '96', '--task-option', 'classes=4']],
  ['arch schema', ['arch', 'schema']],
  ['config show', ['config', 'show']],
  ['doctor', ['doctor']],
  ['device list', ['device', 'list']],
  ['device describe', ['device', 'describe', 'host']],
  ['device benchmark', ['device', 'benchmark', 'tiny.json', '--device', 'replay']],
  ['search --dry-run', [...search, '--dry-run']],
  ['search', search],
  ['search front', ['search', 'front', 'run']],
  ['search show', ['search', 'show', 'run']],
  ['train', ['train', 'tiny.json', '--data', 'pictures', '--out', 'model', '--epochs', '2', '--batch', '8', ...fast]],
  ['evaluate', ['evaluate', 'model', ...fast]],
  ['evaluate', ['evaluate', 'model', '--charts', 'pictures-of-it', ...fast]],
  ['predict', ['predict', 'model', picture]],
  ['predict', ['predict', 'model', picture, 'tiny.json'], 7],
  ['deploy', ['deploy', 'model', '--device', 'replay', ...fast]],
  ['deploy', ['deploy', 'tiny.json', '--random-weights', '--device', 'replay', '--out', 'files', ...fast]],
  ['export', ['export', 'model', '--format', 'tflite', '--out', 'files']],
  ['failure', ['evaluate', 'nowhere'], 3],
  ['failure', ['evaluate'], 2],
  ['failure', ['no-such-command'], 2],
  ['failure', ['device', 'setup', 'host'], 2],
]

/** Too long for here: "npm run demo", and test/import. */
const elsewhere = ['demo', 'import']

/** LiteRT's native library, where `mnas device setup host` has put it. */
const library = nativeLibrary(join(defaultCacheFolder(), 'litert'))

function nativeLibrary(cache: string): string | undefined {
  if (!existsSync(cache)) return undefined
  const files = readdirSync(cache, { recursive: true, encoding: 'utf8' })
  return files.filter((file) => /\.(so|dylib|dll)$/.test(file)).map((file) => join(cache, file))[0]
}

beforeAll(async () => {
  folder = await temporaryFolder('json')
  await smallPictures(join(folder.path, 'pictures'))
  await writeTinyNetwork(join(folder.path, 'tiny.json'))
})
afterAll(() => folder.remove())

const results = new Map<string, Ended>()

describe('--json', () => {
  it.each(commands)('%s: %j is one JSON value of the promised fields, and all of stdout', async (answer, args, exitCode = 0) => {
    const env = { MNAS_CACHE_FOLDER: join(folder.path, 'cache'), MNAS_PROGRESS: 'plain' }
    const result = await mnas([...args, '--json'], { cwd: folder.path, env })
    results.set(args.join(' '), result)
    expect(result.exitCode, result.stderr).toBe(exitCode)
    expect(result.stdout).toMatch(/^\{[\s\S]*\}\n$/)
    const { error } = schemas[answer].safeParse(result.json())
    expect(error?.issues ?? [], result.stdout).toEqual([])
  })

  it.skipIf(library === undefined && !process.env['CI'])('device setup, with a library at hand', async () => {
    const args = ['device', 'setup', 'host', '--option', `library=${library}`, '--cache-folder', 'other-cache', '--yes', '--json']
    const { stderr, exitCode, json } = await mnas(args, { cwd: folder.path })
    expect(exitCode, stderr).toBe(0)
    expect(schemas['device setup'].safeParse(json()).error?.issues ?? []).toEqual([])
  })

  const jsonOf = <T>(args: readonly string[]): T => results.get(args.join(' '))!.json<T>()
  interface Found {
    readonly best: string
    readonly candidates: readonly { readonly id: string }[]
  }

  it('tells the same of a run whether it is searched, shown or asked for its front', () => {
    const { best, candidates } = jsonOf<Found>(search)
    expect(candidates.map(({ id }) => id)).toContain(best)
    expect(jsonOf<Found>(['search', 'front', 'run']).candidates).toEqual(candidates)
    expect(jsonOf<Found>(['search', 'show', 'run'])).toMatchObject({ best, candidates })
  })

  it('tells the same of a model whether it is trained or evaluated', () => {
    const {
      history: _,
      heldOut: __,
      ...trained
    } = jsonOf<Record<string, unknown>>(commands.find(([name]) => name === 'train')![1])
    const { images, ...evaluated } = jsonOf<Record<string, unknown>>(['evaluate', 'model', ...fast])
    expect(images).toBe(16)
    expect(Object.keys(evaluated).sort()).toEqual(Object.keys(trained).sort())
    expect(evaluated).toMatchObject({ epochs: 2, metrics: trained['metrics'] })
    const deployed = jsonOf<Record<string, unknown>>(['deploy', 'model', '--device', 'replay', ...fast])
    expect(deployed).toMatchObject({
      verifiedOn: 'photos',
      images: 16,
      agreement: { top1Agreement: 1 },
      randomWeights: false,
      emulated: true,
    })
  })

  it('is checked for every command', () => {
    const { workspaces } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      workspaces: readonly string[]
    }
    const names = workspaces.flatMap((workspace) => commandsOf(fileURLToPath(new URL(`../../${workspace}`, import.meta.url))))
    const checked = [...new Set([...commands.map(([name]) => name), 'device setup', ...elsewhere])]
    expect(checked.filter((name) => !['failure', 'search --dry-run'].includes(name)).sort()).toEqual(names.sort())
  })
})

/** Names of the commands of a package: `arch/show.js` is `arch show`, `search/index.js` is `search`. */
function commandsOf(workspace: string): readonly string[] {
  try {
    const files = readdirSync(join(workspace, 'dist', 'commands'), { recursive: true, encoding: 'utf8' })
    const modules = files.filter((file) => file.endsWith('.js')).map((file) => file.replaceAll('\\', '/'))
    return modules.map((file) => file.replace(/(?:\/index)?\.js$/, '').replaceAll('/', ' '))
  } catch {
    return []
  }
}
