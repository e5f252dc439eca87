import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  defaultCacheFolder,
  flagOf,
  misspeltVariables,
  resolveSettings,
  settingNames,
  settingSummaries,
  settingsSchema,
  userConfigFolder,
  variableOf,
} from '@mnas/core/config'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mnas-config-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  return rm(folder, { recursive: true, force: true })
})

const resolved = (flags: Record<string, unknown> = {}, env: Record<string, string> = {}, cwd = folder) =>
  resolveSettings(flags, { cwd, env })

describe('resolveSettings', () => {
  it('gives defaults where nobody says anything', async () => {
    const { settings, origins, file } = await resolved()
    expect(file).toBeNull()
    expect(settings).toMatchObject({ cacheLimit: 4 * 2 ** 30, engine: 'onnx', device: 'host', threads: 0, progress: 'auto' })
    expect(settings.workers).toBeGreaterThanOrEqual(1)
    expect(Object.values(origins).every(({ kind }) => kind === 'default')).toBe(true)
  })

  it('lets flags win over the environment, that over the file, that over the defaults', async () => {
    const file = join(folder, 'mnas.config.json')
    await writeFile(file, JSON.stringify({ $schema: './x.json', threads: 1, workers: 1, engine: 'tfjs', device: 'android:A1' }))
    const { settings, origins } = await resolved(
      { workers: '3', unrelated: 7 },
      { MNAS_WORKERS: '2', MNAS_THREADS: '2', MNAS_ENGINE: '' },
    )
    expect(settings).toMatchObject({ threads: 2, workers: 3, engine: 'tfjs', device: 'android:A1' })
    expect(origins.threads).toEqual({ kind: 'environment', source: 'MNAS_THREADS' })
    expect(origins.workers).toEqual({ kind: 'flag', source: '--workers' })
    expect(origins.engine).toEqual({ kind: 'file', source: file })
  })

  it.each([
    ['mnas.config.yaml', 'cacheLimit: 1MiB\n'],
    ['mnas.config.yml', 'cacheLimit: 1048576\n'],
    ['package.json', '{"name": "mine", "mnas": {"config": {"cacheLimit": "1 MiB"}}}'],
  ])('reads %s, also from a folder above', async (name, text) => {
    await writeFile(join(folder, name), text)
    const below = join(folder, 'a', 'b')
    await mkdir(below, { recursive: true })
    expect((await resolved({}, {}, below)).settings.cacheLimit).toBe(2 ** 20)
  })

  // Elsewhere no variable says where that folder is.
  const inUsersFolder = it.runIf(process.platform === 'linux').each(['mnas.config.json', 'config.json'])
  inUsersFolder("reads %s in the user's folder, after everything nearer", async (name) => {
    vi.stubEnv('XDG_CONFIG_HOME', join(folder, 'user'))
    await mkdir(userConfigFolder(), { recursive: true })
    await writeFile(join(userConfigFolder(), name), '{"workers": 3}')
    expect((await resolved()).settings.workers).toBe(3)
    await writeFile(join(folder, 'mnas.config.json'), '{"workers": 1}')
    expect((await resolved()).settings.workers).toBe(1)
  })

  it('runs no program that another file imports', async () => {
    await writeFile(join(folder, 'settings.cjs'), 'globalThis.ran = true; module.exports = { workers: 1 }')
    await writeFile(join(folder, 'mnas.config.json'), '{"$import": "./settings.cjs"}')
    await expect(resolved()).rejects.toMatchObject({
      code: 'MNAS_CONFIG_FILE',
      message: expect.stringContaining('settings are data'),
    })
    expect(globalThis).not.toHaveProperty('ran')
  })

  it("does not take a plug-in's manifest for a configuration", async () => {
    await writeFile(join(folder, 'package.json'), '{"mnas": {"api": 1, "contributes": {}}}')
    expect((await resolved()).file).toBeNull()
  })

  it("starts relative folders at the file, those of flags at the working folder, and knows the home folder's sign", async () => {
    await writeFile(join(folder, 'mnas.config.json'), '{"cacheFolder": "cache"}')
    const below = join(folder, 'below')
    await mkdir(below)
    expect((await resolved({}, {}, below)).settings.cacheFolder).toBe(join(folder, 'cache'))
    expect((await resolved({ 'cache-folder': 'other' }, {}, below)).settings.cacheFolder).toBe(join(below, 'other'))
    expect((await resolved({}, { MNAS_CACHE_FOLDER: '~/x' })).settings.cacheFolder).toBe(join(homedir(), 'x'))
  })

  it.each([
    [
      'an unknown field, with the nearest',
      '{"worker": 2}',
      'MNAS_CONFIG_FIELD',
      'Unknown setting "worker" in FILE. Did you mean "workers"?',
    ],
    [
      'a wrong number',
      '{"threads": -1}',
      'MNAS_CONFIG_VALUE',
      '"threads" in FILE. Expected a whole number from 0 to 1024, received -1.',
    ],
    ['a fraction', '{"workers": 1.5}', 'MNAS_CONFIG_VALUE', 'Expected a whole number from 0 to 256, received 1.5.'],
    [
      'a wrong size',
      '{"cacheLimit": "4 gigs"}',
      'MNAS_CONFIG_VALUE',
      'Expected a size such as 4GiB, 500MB or a number of bytes, received "4 gigs".',
    ],
    ['a wrong word', '{"progress": "loud"}', 'MNAS_CONFIG_VALUE', 'Expected auto, tty, plain, jsonl or none, received "loud".'],
    ['null', '{"engine": null}', 'MNAS_CONFIG_VALUE', 'received null.'],
    ['a list', '[1]', 'MNAS_CONFIG_FILE', 'it does not hold an object'],
    ['broken JSON', '{', 'MNAS_CONFIG_FILE', 'FILE: it is not JSON (it ends too early at line 1, column 2)'],
    ['a comma too many', '{\n"threads": 1,\n}', 'MNAS_CONFIG_FILE', 'a comma before the closing bracket at line 3, column 1'],
    ['a byte order mark', '\ufeff{}', 'MNAS_CONFIG_FILE', 'a byte order mark at line 1, column 1: save it as UTF-8 without one'],
    ['an empty file', '', 'MNAS_CONFIG_FILE', 'it is empty'],
  ])('refuses %s, naming the file, exit 3', async (_what, text, code, part) => {
    const file = join(folder, 'mnas.config.json')
    await writeFile(file, text)
    const failure = await resolved().catch((error) => error)
    expect(failure).toMatchObject({ code, exitCode: 3 })
    expect(failure.message).toContain(part.replace('FILE', file))
    expect(failure.message).not.toContain('\n')
  })

  it('names the place in a YAML file', async () => {
    await writeFile(join(folder, 'mnas.config.yaml'), 'threads: 1\n  workers: 2\n')
    await expect(resolved()).rejects.toThrow(/mnas\.config\.yaml: it is not YAML \(bad indentation .* at line 2, column 10\)/)
  })

  it('names the variable and the flag of a wrong value', async () => {
    await expect(resolved({}, { MNAS_DEVICE: 'My Phone' })).rejects.toThrow('Wrong value for "device" in MNAS_DEVICE.')
    await expect(resolved({ 'cache-limit': 'x' })).rejects.toThrow('Wrong value for "cacheLimit" in --cache-limit.')
  })
})

it('every setting has a summary, and a flag and a variable of its own', () => {
  expect(Object.keys(settingSummaries)).toEqual(Object.keys(settingsSchema.shape))
  expect(flagOf('cacheFolder')).toBe('cache-folder')
  expect(variableOf('cacheFolder')).toBe('MNAS_CACHE_FOLDER')
  expect(new Set(settingNames.map(variableOf)).size).toBe(settingNames.length)
})

it.each([
  [{ MNAS_WORKERS: '2', MNAS_MINE: 'x' }, []],
  [{ MNAS_WORKER: '2' }, [{ name: 'MNAS_WORKER', meant: 'MNAS_WORKERS' }]],
  [{ MNAS_CACHEFOLDER: '/x' }, [{ name: 'MNAS_CACHEFOLDER', meant: 'MNAS_CACHE_FOLDER' }]],
  [{ mnas_threads: '2' }, [{ name: 'mnas_threads', meant: 'MNAS_THREADS' }]],
  [{ MNAS_MINES: 'x' }, [{ name: 'MNAS_MINES', meant: 'MNAS_MINE' }]],
  [{ MNAS_PYTHON: '/usr/bin/python3', WORKERS: '2' }, []],
])('of the variables %j, %j are misspelt', (environment, expected) => {
  expect(misspeltVariables(environment, ['MNAS_MINE'])).toEqual(expected)
})

it.each([
  [{ MNAS_CACHE_FOLDER: '/mine', XDG_CACHE_HOME: '/xdg' }, 'linux', '/mine'],
  [{ XDG_CACHE_HOME: '/xdg' }, 'linux', join('/xdg', 'mnas')],
  [{}, 'linux', join('/home/u', '.cache', 'mnas')],
  [{}, 'darwin', join('/home/u', 'Library', 'Caches', 'mnas')],
  [{ LOCALAPPDATA: '/local' }, 'win32', join('/local', 'mnas', 'cache')],
] as const)('the cache folder for %j on %s is %s', (env, platform, expected) => {
  expect(defaultCacheFolder(env, platform, '/home/u')).toBe(expected)
})
