import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRegistry, declaredVariables, discoverManifests, type PluginManifest } from '@mnas/core/plugins'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let root: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'mnas-registry-'))
  await writeFile(join(root, 'package.json'), '{"type": "module"}')
  await writeFile(
    join(root, 'good.js'),
    `globalThis.imported = (globalThis.imported ?? 0) + 1\nexport default { name: 'good' }\n`,
  )
  await writeFile(join(root, 'no-default.js'), 'export const device = {}\n')
  await writeFile(join(root, 'throws.js'), `throw new Error('a library is missing\\nsecond line')\n`)
})
afterAll(() => rm(root, { recursive: true, force: true }))

const plugin = (name: string, mnas?: unknown) => ({ name, root, pjson: mnas === undefined ? {} : { mnas } })
const manifest = (name: string, contributes: PluginManifest['contributes']): PluginManifest => ({ name, root, contributes })
const device = (name: string, path = './good.js') => manifest(`plugin-${name}`, { device: { [name]: path } })

describe('discoverManifests', () => {
  it('takes the plug-ins that have a mnas field and leaves out the others', () => {
    const contributes = { device: { good: './good.js' } }
    expect(
      discoverManifests([plugin('@oclif/plugin-help'), plugin('mine', { api: 1, contributes }), plugin('empty', { api: 1 })]),
    ).toEqual([
      { name: 'mine', root, contributes },
      { name: 'empty', root, contributes: {} },
    ])
  })

  it('leaves the variables that plug-ins declare to who asks for them', () => {
    const declaring = plugin('mine', { api: 1, variables: ['MNAS_MINE'] })
    expect(declaredVariables([plugin('other'), declaring, plugin('wrong', { variables: 'MNAS_X' })])).toEqual(['MNAS_MINE'])
    expect(discoverManifests([declaring])).toEqual([{ name: 'mine', root, contributes: {} }])
  })

  it.each([
    ['an unknown interface version', { api: 2 }, 'MNAS_PLUGIN_API', '"mnas.api": 1 in its package.json, received 2'],
    ['no interface version', {}, 'MNAS_PLUGIN_API', 'received undefined'],
    ['no object', 'yes', 'MNAS_PLUGIN_MANIFEST', '"mnas"'],
    ['variables of others', { api: 1, variables: ['PATH'] }, 'MNAS_PLUGIN_MANIFEST', '"mnas.variables"'],
    ['an unknown kind', { api: 1, contributes: { devise: {} } }, 'MNAS_PLUGIN_MANIFEST', 'Expected one of task, engine'],
    [
      'a list instead of names',
      { api: 1, contributes: { device: ['./a.js'] } },
      'MNAS_PLUGIN_MANIFEST',
      '"mnas.contributes.device"',
    ],
    [
      'a path out of the package',
      { api: 1, contributes: { device: { a: './../a.js' } } },
      'MNAS_PLUGIN_MANIFEST',
      '"mnas.contributes.device.a"',
    ],
    [
      'a name that no flag could carry',
      { api: 1, contributes: { device: { 'A b': './a.js' } } },
      'MNAS_PLUGIN_MANIFEST',
      '"A b"',
    ],
  ])('refuses %s, naming the plug-in', (_what, mnas, code, part) => {
    const discover = () => discoverManifests([plugin('theirs', mnas)])
    expect(discover).toThrowError(expect.objectContaining({ code, exitCode: 4, message: expect.stringContaining(part) }))
    expect(discover).toThrowError(/theirs/)
  })
})

describe('createRegistry', () => {
  it('lists names without importing, imports on get, and is rebuilt from its manifests as JSON', async () => {
    const imported = () => (globalThis as { imported?: number }).imported ?? 0
    const registry = createRegistry([device('good'), device('another')])
    expect(registry.names('device')).toEqual(['another', 'good'])
    expect(registry.names('task')).toEqual([])
    expect(registry.owner('device', 'good')).toBe('plugin-good')
    expect(imported()).toBe(0)
    expect(await registry.get('device', 'good')).toEqual({ name: 'good' })
    await registry.get('device', 'good')
    expect(imported()).toBe(1)
    const again = createRegistry(JSON.parse(JSON.stringify(registry.manifests)))
    expect(await again.get('device', 'good')).toEqual({ name: 'good' })
  })

  it('refuses a name that two plug-ins contribute, naming both', () => {
    const two = [manifest('first', { device: { good: './good.js' } }), manifest('second', { device: { good: './good.js' } })]
    expect(() => createRegistry(two)).toThrowError(
      expect.objectContaining({
        code: 'MNAS_PLUGIN_DUPLICATE',
        exitCode: 4,
        message: expect.stringContaining('first and second'),
      }),
    )
  })

  it('lets two kinds use one name', () => {
    expect(() => createRegistry([manifest('a', { device: { same: './good.js' }, engine: { same: './good.js' } })])).not.toThrow()
  })

  it('gives the nearest name for an unknown one', async () => {
    await expect(createRegistry([device('android')]).get('device', 'androit')).rejects.toMatchObject({
      code: 'MNAS_NAME_UNKNOWN',
      exitCode: 3,
      message: expect.stringContaining('Did you mean "android"?'),
    })
  })

  it('blames a plug-in that did not load rather than the name', async () => {
    await expect(createRegistry([device('host')], ['@mnas/tflite']).get('runtime', 'litert')).rejects.toMatchObject({
      code: 'MNAS_PLUGIN_MISSING',
      exitCode: 4,
      message: expect.stringContaining('@mnas/tflite'),
    })
  })

  it("takes an unknown task for a plug-in that is not installed: the architecture's file named it", async () => {
    await expect(createRegistry([]).get('task', 'segmentation')).rejects.toMatchObject({
      code: 'MNAS_PLUGIN_MISSING',
      exitCode: 4,
    })
  })

  it.each([
    ['throws', './throws.js', 'a library is missing'],
    ['is not there', './nowhere.js', 'Cannot find module'],
    ['has no default export', './no-default.js', './no-default.js has no default export'],
  ])('says in one line that a module %s', async (_what, path, reason) => {
    const failure = await createRegistry([device('bad', path)])
      .get('device', 'bad')
      .catch((error) => error)
    expect(failure).toMatchObject({ code: 'MNAS_PLUGIN_LOAD', exitCode: 4 })
    expect(failure.message).toContain(reason)
    expect(failure.message).not.toContain('\n')
  })
})
