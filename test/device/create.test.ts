import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bin, type MnasOptions, mnas } from '../support/mnas.js'
import { nativeLibrary } from '../support/native-library.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { writeTinyNetwork } from '../support/tiny-network.js'

/** scripts/try-install.mjs does the same with packed packages, which it takes minutes to install. */
const root = fileURLToPath(new URL('../..', import.meta.url))
const library = nativeLibrary()
if (!library) {
  const message = 'LiteRT’s library is not set up: mnas device setup host'
  if (process.env['CI']) throw new Error(message)
  console.warn(`The test of a created device is skipped. ${message}`)
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  folder = await temporaryFolder('create')
})
afterAll(() => folder.remove())
const options = (changes: MnasOptions = {}): MnasOptions => ({ cwd: folder.path, env: { MNAS_PROGRESS: 'plain' }, ...changes })
const create = (...words: readonly string[]) => mnas(['device', 'create', ...words], options())

const files = ['README.md', 'package.json', 'src/index.ts', 'test/conformance.test.ts']

/** This checkout with one plug-in more. */
async function installationWith(plugin: string, name: string): Promise<string> {
  const path = join(folder.path, 'installation')
  await mkdir(join(path, 'bin'), { recursive: true })
  await mkdir(join(path, 'node_modules'))
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  manifest.oclif.plugins = [...manifest.oclif.plugins, name]
  manifest.dependencies[name] = '0.1.0'
  await writeFile(join(path, 'package.json'), JSON.stringify(manifest))
  await writeFile(join(path, 'bin', 'run.js'), await readFile(bin, 'utf8'))
  for (const scope of ['@mnas', '@oclif'])
    await symlink(join(root, 'node_modules', scope), join(path, 'node_modules', scope), 'dir')
  await symlink(plugin, join(path, 'node_modules', name), 'dir')
  return join(path, 'bin', 'run.js')
}

describe('mnas device create', () => {
  it('writes a package of four files that says what to do next', async () => {
    const { stdout, exitCode } = await create('ranger')
    expect(exitCode).toBe(0)
    const written = await readdir(join(folder.path, 'mnas-device-ranger'), { recursive: true })
    expect(written.filter((file) => /\.\w+$/.test(file)).toSorted()).toEqual(files)
    for (const line of [...files.map((file) => `mnas-device-ranger/${file}`), '  npm test', '  mnas plugins link .'])
      expect(stdout.split('\n')).toContain(line)
    const manifest = JSON.parse(await readFile(join(folder.path, 'mnas-device-ranger', 'package.json'), 'utf8'))
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
    expect(manifest).toMatchObject({
      dependencies: { '@mnas/core': version, '@mnas/remote-device': version },
      mnas: { api: 1, contributes: { device: { ranger: './dist/index.js' } } },
    })
  })

  it('writes nothing under a name that is taken or none, and into a folder that has files', async () => {
    for (const name of ['host', 'android', 'Rover', 'a_b', '-', '..']) {
      const { exitCode, stderr } = await create('--out', 'unwritten', '--', name)
      expect({ name, exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('MNAS_DEVICE_NAME') })
    }
    expect(await readdir(folder.path)).not.toContain('unwritten')
    await mkdir(join(folder.path, 'full'))
    await writeFile(join(folder.path, 'full', 'mine.txt'), '')
    const full = await create('rover', '--out', 'full')
    expect(full).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('MNAS_DEVICE_FOLDER') })
    expect(full.stderr).toContain('mine.txt')
    expect(await readdir(join(folder.path, 'full'))).toEqual(['mine.txt'])
    const unpacked = await create('rover', '--out', 'new', '--packages', 'full')
    expect(unpacked).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('mnas-core-') })
  })

  it.skipIf(!library)('builds, passes its test and times a model without an edit', { timeout: 180_000 }, async () => {
    const device = join(folder.path, 'rover')
    await mkdir(device)
    expect((await mnas(['device', 'create', 'rover', '--out', '.'], options({ cwd: device }))).exitCode).toBe(0)
    await symlink(join(root, 'node_modules'), join(device, 'node_modules'), 'dir')
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST$|NODE_ENV$)/.test(name)))
    for (const script of ['build', 'test']) await promisify(execFile)('npm', ['run', script], { cwd: device, env })
    const program = await installationWith(device, 'mnas-device-rover')
    await writeTinyNetwork(join(folder.path, 'tiny.json'))
    const few = ['--processes', '1', '--runs', '3']
    const benchmark = ['device', 'benchmark', 'tiny.json', '--device', 'rover', ...few, '--json']
    const timed = await mnas(benchmark, options({ bin: program }))
    expect(timed.json(), timed.stderr).toMatchObject({ device: 'rover', emulated: true, numerics: { agrees: true } })
  })
})
