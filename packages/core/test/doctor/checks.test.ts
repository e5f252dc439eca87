import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkContributions, checkNode, checkPlugins, checkRuntimes } from '@mnas/core/doctor'
import { createRegistry } from '@mnas/core/plugins'
import { testSurroundings } from '@mnas/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'mnas-doctor-'))
  await writeFile(join(root, 'package.json'), '{"type": "module"}')
  const runtime = (available: string) => `export default { name: 'r', format: 'tflite', available: async () => (${available}) }\n`
  await writeFile(join(root, 'there.js'), runtime(`{ name: 'there', version: '1', sha256: 'x' }`))
  await writeFile(
    join(root, 'absent.js'),
    runtime(`{ code: 'MNAS_X', message: 'Not there. Run "mnas device setup host".', exitCode: 5 }`),
  )
  await writeFile(join(root, 'broken.js'), `throw new Error('broken library')\n`)
  const asked = (answer: string) => `export default { check: async (around) => ${answer} }\n`
  const missing = `[{ name: 'adb', status: 'failed', detail: 'not in ' + around.cacheFolder, fix: 'install it' }]`
  await writeFile(join(root, 'missing.js'), asked(missing))
  await writeFile(join(root, 'throwing.js'), asked(`{ throw new Error('no such tool\\nmore') }`))
  await writeFile(join(root, 'silent.js'), 'export default {}\n')
})
afterAll(() => rm(root, { recursive: true, force: true }))

const registryOf = (runtime: Record<string, string>) => createRegistry([{ name: 'p', root, contributes: { runtime } }])

it.each([
  ['>=20.19', '20.19.0', 'ok'],
  ['>=20.19', '22.1.0', 'ok'],
  ['>=20.19', '20.18.3', 'failed'],
  ['>=20.19', '18.20.0', 'failed'],
  [undefined, '18.0.0', 'ok'],
] as const)('Node: %s with %s is %s', (range, version, status) => expect(checkNode(range, version).status).toBe(status))

describe('checkRuntimes', () => {
  it('a runtime that is not available is a hint while another one runs the same format', async () => {
    expect(await checkRuntimes(registryOf({ a: './absent.js', b: './there.js' }), testSurroundings())).toEqual([
      { name: 'runtime a', status: 'hint', detail: 'Not there. Run "mnas device setup host".' },
      { name: 'runtime b', status: 'ok', detail: 'there 1 runs .tflite' },
    ])
  })

  it('is a failure when none does', async () => {
    expect(await checkRuntimes(registryOf({ a: './absent.js', c: './broken.js' }), testSurroundings())).toMatchObject([
      { name: 'runtime a', status: 'failed' },
    ])
  })
})

it('checkPlugins fails what is missing and what does not import, and lists what works', async () => {
  expect(await checkPlugins(registryOf({ b: './there.js' }), ['@mnas/gone'])).toMatchObject([
    { name: 'plug-in @mnas/gone', status: 'failed', plugin: true },
    { name: 'plug-in p', status: 'ok', detail: 'runtime b' },
  ])
  expect(await checkPlugins(registryOf({ c: './broken.js' }), [])).toMatchObject([
    { name: 'plug-in p', status: 'failed', detail: expect.stringContaining('broken library'), plugin: true },
  ])
})

it('checkContributions asks devices and tasks, and tells what an answer throws', async () => {
  const device = { broken: './broken.js', phone: './missing.js', silent: './silent.js' }
  const registry = createRegistry([{ name: 'p', root, contributes: { device, task: { odd: './throwing.js' } } }])
  expect(await checkContributions(registry, testSurroundings({ cacheFolder: '/cache' }))).toEqual([
    { name: 'adb', status: 'failed', detail: 'not in /cache', fix: 'install it' },
    { name: 'task odd', status: 'failed', detail: 'no such tool', fix: expect.any(String) },
  ])
})
