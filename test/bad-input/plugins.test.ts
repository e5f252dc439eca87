import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bin, mnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { tinyNetwork, writeTinyNetwork } from '../support/tiny-network.js'
import { expectFailure, expectJsonFailure } from './failing.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let elsewhere: Awaited<ReturnType<typeof temporaryFolder>>
const options = (more: { bin?: string; env?: Record<string, string> } = {}) => ({
  cwd: folder.path,
  ...(more.bin !== undefined && { bin: more.bin }),
  env: { MNAS_CACHE_FOLDER: join(elsewhere.path, 'cache'), MNAS_PROGRESS: 'none', ...more.env },
})

beforeAll(async () => {
  ;[folder, elsewhere] = [await temporaryFolder('plugins'), await temporaryFolder('elsewhere')]
  await smallPictures(join(folder.path, 'pictures'))
  await writeTinyNetwork(join(folder.path, 'tiny.json'))
})
afterAll(() => Promise.all([folder.remove(), elsewhere.remove()]))

interface Manifest {
  readonly dependencies: Record<string, string>
  readonly oclif: { plugins: readonly string[] }
}

/** An installation like this checkout, its package.json changed, with modules of its own. @returns its bin file */
async function installation(name: string, change: (manifest: Manifest) => void, modules: Readonly<Record<string, string>> = {}) {
  const path = join(elsewhere.path, name)
  await mkdir(join(path, 'bin'), { recursive: true })
  await symlink(join(root, 'node_modules'), join(path, 'node_modules'), 'dir')
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Manifest
  change(manifest)
  await writeFile(join(path, 'package.json'), JSON.stringify(manifest))
  for (const [file, text] of Object.entries(modules)) await writeFile(join(path, file), text)
  await writeFile(join(path, 'bin', 'run.js'), await readFile(bin, 'utf8'))
  return join(path, 'bin', 'run.js')
}

const train = (model: string) => ['train', model, '--data', 'pictures', '--out', 'never', '--epochs', '1']

describe('a plug-in that is missing', () => {
  it('holds the task of a model', async () => {
    const task = { name: 'segmentation', options: { classes: 4 } }
    await writeFile(join(folder.path, 'segmenter.json'), JSON.stringify({ ...tinyNetwork, task }))
    const says = /No installed plug-in provides the task "segmentation"\. Install .*"mnas plugins install/
    const failure = { code: 'MNAS_PLUGIN_MISSING', exit: 4, says }
    await expectFailure(train('segmenter.json'), failure, options())
    await expectJsonFailure(['arch', 'show', 'segmenter.json'], failure, options())
    await expectFailure(['deploy', 'segmenter.json', '--random-weights', '--device', 'replay'], failure, options())
  })

  it('is named by whatever needs it, when it is expected and does not load', async () => {
    const incomplete = await installation('incomplete', (manifest) => {
      const others = manifest.oclif.plugins.filter((name) => !/engine/.test(name))
      manifest.oclif.plugins = [...others, '@mnas/engine-lost']
      manifest.dependencies['@mnas/engine-lost'] = '0.1.0'
    })
    const says = /Nothing provides the engine "onnx", and @mnas\/engine-lost cannot be loaded.*Reinstall/
    await expectFailure(train('tiny.json'), { code: 'MNAS_PLUGIN_MISSING', exit: 4, says }, options({ bin: incomplete }))
  })
})

describe('a plug-in that is wrong', () => {
  const contributing = (name: string, contributes: object, modules: Readonly<Record<string, string>> = {}, api = 1) =>
    installation(name, (manifest) => void Object.assign(manifest, { mnas: { api, contributes } }), modules)

  it('throws when it is loaded: only who asks for it sees that', async () => {
    const modules = { 'broken.js': 'throw new Error("no GPU here")' }
    const program = await contributing('throwing', { device: { broken: './broken.js', gone: './gone.js' } }, modules)
    const deploy = ['deploy', 'tiny.json', '--random-weights', '--out', 'never', '--device']
    const broken = { code: 'MNAS_PLUGIN_LOAD', exit: 4, says: /device "broken" of plug-in mnas does not load: no GPU here\./ }
    await expectFailure([...deploy, 'broken'], broken, options({ bin: program }))
    const gone = { code: 'MNAS_PLUGIN_LOAD', exit: 4, says: /device "gone" .*Cannot find module.*Reinstall it/ }
    await expectJsonFailure([...deploy, 'gone'], gone, options({ bin: program }))
    const { exitCode, stderr } = await mnas(['device', 'describe', 'replay'], options({ bin: program }))
    expect(exitCode, stderr).toBe(0)
  })

  it.each([
    [
      'takes a name that is taken',
      { engine: { onnx: './x.js' } },
      1,
      'MNAS_PLUGIN_DUPLICATE',
      /two plug-ins.*"onnx": .*engine-onnx/i,
    ],
    ['declares what there is not', { oracle: { delphi: './x.js' } }, 1, 'MNAS_PLUGIN_MANIFEST', /mnas\.contributes\.oracle/],
    ['points out of its folder', { engine: { x: '../../x.js' } }, 1, 'MNAS_PLUGIN_MANIFEST', /begins with "\.\/"/],
    ['is of another time', {}, 2, 'MNAS_PLUGIN_API', /Expected "mnas\.api": 1 .*received 2/],
  ])('%s', async (name, contributes, api, code, says) => {
    const program = await contributing(name.replaceAll(' ', '-'), contributes, {}, api)
    await expectFailure(train('tiny.json'), { code, exit: 4, says }, options({ bin: program }))
  })
})

describe('a runtime', () => {
  it('whose library is none gives way to the portable one, and says why', async () => {
    await writeFile(join(folder.path, 'library.so'), 'no library at all')
    const env = { MNAS_LITERT_LIBRARY: join(folder.path, 'library.so'), MNAS_PROGRESS: 'plain' }
    const { json, stderr, exitCode } = await mnas(['device', 'describe', 'host', '--json'], options({ env }))
    expect(exitCode).toBe(0)
    expect(json()).toMatchObject({ runtime: { name: 'litert-js' } })
    expect(stderr).toMatch(/warning: Cannot use the LiteRT library ".*library\.so": .*run "mnas device setup host"/)
  })

  it('is looked for in the cache folder of the settings, whether a flag or a file names it', async () => {
    const flag = await mnas(['device', 'describe', 'host', '--cache-folder', 'by-flag', '--progress', 'plain'], options())
    expect(flag.stderr).toContain(`Expected "${join(folder.path, 'by-flag', 'litert')}`)
    const cwd = join(elsewhere.path, 'project')
    await mkdir(cwd)
    await writeFile(join(cwd, 'mnas.config.json'), '{"cacheFolder": "by-file"}')
    const file = await mnas(['device', 'describe', 'host', '--progress', 'plain'], { cwd })
    expect(file.stderr).toContain(`Expected "${join(cwd, 'by-file', 'litert')}`)
  })

  it.each([
    ['no FlatBuffer', 'This is not a model, although it is called so.', /it is not a \.tflite file/],
    [
      'a FlatBuffer of nothing',
      `\0\0\0\0TFL3${'\u00ff'.repeat(4000)}`,
      /Expected an intact \.tflite file of TensorFlow Lite's own ops; write it again with/,
    ],
  ])('refuses a file that is %s', async (_, text, says) => {
    await writeFile(join(folder.path, 'garbage.tflite'), text, 'latin1')
    const args = ['device', 'benchmark', 'garbage.tflite', '--device', 'host', '--processes', '1', '--runs', '1']
    await expectFailure(args, { code: 'MNAS_RUNTIME_MODEL', exit: 3, says }, options())
  })
})
