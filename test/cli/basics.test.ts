import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bin, mnas } from '../support/mnas.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let env: Record<string, string>

beforeAll(async () => {
  folder = await temporaryFolder('cli')
  env = { MNAS_CACHE_FOLDER: join(folder.path, 'cache') }
})
afterAll(() => folder.remove())

describe('--version and --help', () => {
  it('answers --version with the version of package.json', async () => {
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
    const { stdout, stderr, exitCode } = await mnas(['--version'])
    expect({ stdout, stderr, exitCode }).toEqual({
      stdout: `mnas/${version} ${process.platform}-${process.arch} node-${process.version}\n`,
      stderr: '',
      exitCode: 0,
    })
  })

  it('lists the commands', async () => {
    const { stdout, stderr, exitCode } = await mnas(['--help'])
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    for (const command of ['arch', 'config', 'deploy', 'device', 'doctor', 'search', 'train'])
      expect(stdout).toContain(`  ${command} `)
  })

  it.each([['--help'], ['--version'], ['search', '--help'], ['arch', 'schema']])(
    'ends well when nobody reads on: %s %s',
    async (...args) => {
      const through = ['bash', '-c', 'set -o pipefail; "$@" | head -c 5', 'bash']
      const { stderr, exitCode } = await mnas(args, { through })
      expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    },
  )

  it('has no empty branches in the usage of any command', async () => {
    const { stdout } = await mnas(['--help'])
    const topics = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name!)
    const helps = await Promise.all(topics.map((topic) => mnas([topic, '--help'])))
    const commands = helps.flatMap(({ stdout: help }, at) =>
      [...help.matchAll(new RegExp(`^ {2}(${topics[at]} \\w+) `, 'gm'))].map(([, name]) => name!.split(' ')),
    )
    for (const help of [...helps, ...(await Promise.all(commands.map((words) => mnas([...words, '--help']))))]) {
      const usage = /^USAGE\n((?: .*\n)+)/m.exec(help.stdout)![1]!
      expect(usage).not.toMatch(/\|\s*[|\]]|\[\s*\]|\[\s*\|/)
    }
  })

  it('has examples and --json in the help of every command of ours', async () => {
    const { stdout } = await mnas(['config', 'show', '--help'])
    expect(stdout).toContain('EXAMPLES')
    expect(stdout).toContain('--json')
  })
})

describe('usage errors', () => {
  it.each([
    [['serch'], 'Unknown command "serch". Did you mean "search"?'],
    [['device', 'nothing-like-it'], 'Unknown command "device nothing-like-it".'],
    [['config', 'show', '--orgin'], 'Nonexistent flag: --orgin. Did you mean "--origin"?'],
    [['config', 'show', '--progress', 'fancy'], 'Expected --progress=fancy to be one of: tty, plain, jsonl, none.'],
    [['evaluate'], 'Missing 1 required arg: model'],
    [['deploy', 'x', '--size', '3'], '--size: Expected an integer greater than or equal to 16 but received: 3.'],
  ])('%j is one line with code and fix, exit 2', async (args, message) => {
    const { stdout, stderr, exitCode } = await mnas(args)
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 })
    expect(stderr).toMatch(/^✗ MNAS_USAGE: .* Run "mnas .*--help" to see what it takes\.\n$/)
    expect(stderr).toContain(message)
  })

  it.each([
    [
      ['train', 'x', '--data', 'y', '--time', '30'],
      /^✗ MNAS_UNIT: --time: Wrong duration\. .*Write the unit directly behind the number\.\n$/,
    ],
    [['import', 'x', '--from', 'timm', '--crop-fraction', '2'], /^✗ MNAS_IMPORT_CROP: --crop-fraction: Wrong crop\. [^\n]*\n$/],
  ])('%j is one line too, when the flag itself says what is wrong', async (args, line) => {
    const { stderr, exitCode } = await mnas(args)
    expect(stderr).toMatch(line)
    expect(exitCode).toBe(2)
  })

  it('is JSON with --json, whether a command was reached or not', async () => {
    for (const args of [
      ['doctor', '--foo', '--json'],
      ['serch', '--json'],
    ]) {
      const result = await mnas(args)
      expect(result.exitCode).toBe(2)
      expect(result.stderr).toBe('')
      expect(result.json()).toEqual({ version: 1, error: { code: 'MNAS_USAGE', message: expect.any(String), exitCode: 2 } })
    }
  })
})

describe('config show', () => {
  it('says where each value comes from', async () => {
    const cwd = join(folder.path, 'project', 'below')
    await mkdir(cwd, { recursive: true })
    const file = join(folder.path, 'project', 'mnas.config.yaml')
    await writeFile(file, 'cacheLimit: 2GiB\nthreads: 3\nworkers: 3\n')
    const result = await mnas(['config', 'show', '--origin', '--json', '--workers', '5'], {
      cwd,
      env: { ...env, MNAS_THREADS: '4' },
    })
    expect(result.json()).toMatchObject({
      version: 1,
      file,
      settings: {
        cacheFolder: env['MNAS_CACHE_FOLDER'],
        cacheLimit: 2 ** 31,
        engine: 'onnx',
        device: 'host',
        threads: 4,
        workers: 5,
      },
      origins: {
        cacheFolder: { kind: 'environment', source: 'MNAS_CACHE_FOLDER' },
        cacheLimit: { kind: 'file', source: file },
        engine: { kind: 'default', source: 'default' },
        threads: { kind: 'environment', source: 'MNAS_THREADS' },
        workers: { kind: 'flag', source: '--workers' },
      },
    })
  })

  it('warns of a variable that is nearly one, and says nothing of the others', async () => {
    const more = { MNAS_WORKER: '2', MNAS_PYTHON: 'python3', MNAS_LITERT_LIBRARY: 'x.so' }
    const { stderr, exitCode } = await mnas(['config', 'show'], { env: { ...env, ...more } })
    expect(stderr).toBe('warning: MNAS_WORKER is set and nothing reads it. Did you mean MNAS_WORKERS?\n')
    expect(exitCode).toBe(0)
  })

  it('names the variable of a wrong value, exit 3, as a line and as JSON', async () => {
    const wrong = { env: { ...env, MNAS_CACHE_LIMIT: 'lots' } }
    const line = await mnas(['config', 'show'], wrong)
    expect(line.exitCode).toBe(3)
    expect(line.stderr).toMatch(
      /^✗ MNAS_CONFIG_VALUE: Wrong value for "cacheLimit" in MNAS_CACHE_LIMIT\. Expected a size .*received "lots".*\n$/,
    )
    const json = await mnas(['config', 'show', '--json'], wrong)
    expect(json.exitCode).toBe(3)
    expect(json.json()).toMatchObject({ version: 1, error: { code: 'MNAS_CONFIG_VALUE', exitCode: 3 } })
  })
})

describe('doctor', () => {
  it('finds everything working, as lines and as JSON', async () => {
    const lines = await mnas(['doctor'], { env })
    expect(lines.stdout).toMatch(/^✓ Node: /m)
    expect(lines.stdout).toMatch(/^✓ engine onnx: computes/m)
    expect(lines.stdout).not.toContain('✗')
    expect(lines.exitCode).toBe(0)
    const answer = (await mnas(['doctor', '--json'], { env })).json<{ ok: boolean; checks: { name: string; status: string }[] }>()
    expect(answer).toMatchObject({ version: 1, ok: true })
    const named = answer.checks.map(({ name }) => name)
    for (const name of ['cache folder', 'disk', 'image library', 'plug-in @mnas/plugin-classification', 'runtime litert-js']) {
      expect(named).toContain(name)
    }
  })

  it('fails with exit 1 and a fix when the cache folder cannot be written', async () => {
    const file = join(folder.path, 'a-file')
    await writeFile(file, '')
    const { stdout, exitCode } = await mnas(['doctor'], { env: { MNAS_CACHE_FOLDER: join(file, 'cache') } })
    expect(stdout).toMatch(/^✗ cache folder: Cannot write .*\n {4}→ set another one with MNAS_CACHE_FOLDER/m)
    expect(exitCode).toBe(1)
  })
})

describe('a plug-in that is expected and does not load', () => {
  let incomplete: string

  beforeAll(async () => {
    const path = join(folder.path, 'incomplete')
    await mkdir(join(path, 'bin'), { recursive: true })
    await symlink(join(root, 'node_modules'), join(path, 'node_modules'), 'dir')
    const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
    const plugins = manifest.oclif.plugins.filter((name: string) => name !== '@mnas/plugin-search')
    manifest.oclif.plugins = [...plugins, '@mnas/plugin-missing']
    manifest.dependencies['@mnas/plugin-missing'] = '0.1.0'
    await writeFile(join(path, 'package.json'), JSON.stringify(manifest))
    incomplete = join(path, 'bin', 'run.js')
    await writeFile(incomplete, await readFile(bin, 'utf8'))
  })

  it('is a failure of doctor, exit 4', async () => {
    const { stdout, exitCode } = await mnas(['doctor'], { bin: incomplete, env })
    expect(stdout).toMatch(/^✗ plug-in @mnas\/plugin-missing: expected by this installation, cannot be loaded\n {4}→ reinstall/m)
    expect(exitCode).toBe(4)
  })

  it('is named when a command is not there', async () => {
    const { stderr, exitCode } = await mnas(['search'], { bin: incomplete, env })
    expect(stderr).toContain(
      '✗ MNAS_PLUGIN_MISSING: Nothing provides the command "search", and @mnas/plugin-missing cannot be loaded.',
    )
    expect(exitCode).toBe(4)
  })
})
