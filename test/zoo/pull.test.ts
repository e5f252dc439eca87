import { mkdir, readdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { readBundle } from '@mnas/core/bundle'
import { serializeSafetensors } from '@mnas/core/weights'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { filled, withClasses } from '../../packages/core/test/import/made-up-imports.js'
import { timmState } from '../../packages/core/test/import/state-dictionaries.js'
import { type FileServer, startFileServer } from '../../packages/plugin-zoo/test/support/file-server.js'
import { startTestHub, type TestHub } from '../../packages/plugin-zoo/test/support/hub/test-hub.js'
import { publishIntoFolder } from '../../packages/plugin-zoo/test/support/publish-into-folder.js'
import { mnas } from '../support/mnas.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { tinyPublication } from './support/publish-tiny.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let server: FileServer
let hub: TestHub
const at = (...path: readonly string[]) => join(folder.path, ...path)
const run = (...args: readonly string[]) =>
  mnas(args, { cwd: at('work'), env: { MNAS_CACHE_FOLDER: at('cache'), HF_ENDPOINT: hub.url, MNAS_ZOOS: `ours=${server.url}` } })

beforeAll(async () => {
  folder = await temporaryFolder('zoo-pull')
  await mkdir(at('work'))
  for (const [release, seed] of [
    ['1.0.0', 1],
    ['1.1.0', 2],
  ] as const)
    await publishIntoFolder(at('zoo'), await tinyPublication('me/tiny', release, seed))
  server = await startFileServer(at('zoo'))
  hub = await startTestHub()
})
afterAll(async () => {
  await Promise.all([server.close(), hub.close()])
  await folder.remove()
})

describe('mnas zoo pull', () => {
  it('makes a bundle of an entry, which says what it was', async () => {
    const ended = await run('zoo', 'pull', 'me/tiny@1.0', '--zoo', at('zoo'), '--json')
    const answer = ended.json<{ digest: string }>()
    expect(answer).toMatchObject({ version: 1, bundle: 'models/tiny', outcome: 'pulled', name: 'me/tiny', release: '1.0.0' })
    const { provenance } = await readBundle(at('work', 'models', 'tiny'))
    expect(provenance).toMatchObject({ seed: 1, zoo: { name: 'me/tiny', release: '1.0.0', digest: answer.digest } })
    const again = await run('zoo', 'pull', 'me/tiny@1.0', '--zoo', at('zoo'))
    expect(again.stdout).toMatch(/^Nothing changed in models\/tiny: zoo:me\/tiny@sha256:[0-9a-f]{64} \(me\/tiny@1\.0\.0\)\n/)
  })

  it('pulls from a web server, and without it what was fetched before', async () => {
    expect((await run('zoo', 'pull', 'me/tiny', '--out', 'new')).exitCode).toBe(0)
    const asked = server.requests.length
    const offline = await run('zoo', 'pull', 'me/tiny', '--out', 'offline', '--offline', '--json')
    expect(offline.json()).toMatchObject({ outcome: 'pulled', release: '1.1.0', fetchedBytes: 0 })
    const unknown = await run('zoo', 'pull', 'me/tiny@1.0.0', '--out', 'older', '--offline', '--json')
    expect(unknown.exitCode).toBe(0)
    await rm(at('cache', 'zoo'), { recursive: true })
    const missing = await run('zoo', 'pull', 'me/tiny', '--out', 'nothing', '--offline', '--json')
    expect(missing.json()).toMatchObject({ error: { code: 'MNAS_ZOO_OFFLINE' } })
    expect(server.requests).toHaveLength(asked)
  })

  it('knows an architecture that it pulled before, which does not say where it comes from', async () => {
    const pull = async () => (await run('zoo', 'pull', 'mnas/mnasnet-a1', '--out', 'paper', '--json')).json()
    expect(await pull()).toMatchObject({ outcome: 'pulled', name: 'mnas/mnasnet-a1' })
    expect(await pull()).toMatchObject({ outcome: 'unchanged', fetchedBytes: 0 })
  })

  const pixels = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] }
  const open = { input_size: [3, 64, 64], interpolation: 'bilinear', crop_pct: 0.9, license: 'apache-2.0' }
  const putWeights = (repo: string, pretrained_cfg: object) => {
    const config = { architecture: 'mnasnet_small', num_classes: 3, pretrained_cfg }
    const weights = serializeSafetensors(filled(timmState(withClasses('mnasnet-small', 3))))
    hub.put(repo, new Map(Object.entries({ 'config.json': Buffer.from(JSON.stringify(config)), 'model.safetensors': weights })))
  }

  it('imports weights of the hub', async () => {
    putWeights('timm/mnasnet_small.made_up', { ...open, ...pixels })
    const ended = await run('zoo', 'pull', 'hf:timm/mnasnet_small.made_up', '--json')
    expect(ended.json()).toMatchObject({ outcome: 'imported', bundle: 'models/mnasnet_small.made_up', licence: 'apache-2.0' })
    const shown = await run('arch', 'show', 'hf:timm/mnasnet_small.made_up', '--json')
    expect(shown.json()).toMatchObject({ architecture: { name: 'mnasnet-small', input: { size: 64 } } })
  })

  it('is told what weights of the hub leave open, and nothing else', async () => {
    putWeights('timm/mnasnet_small.open', open)
    const half = ['--mean', '127.5,127.5,127.5', '--std', '127.5,127.5,127.5']
    const ended = await run('zoo', 'pull', 'hf:timm/mnasnet_small.open', ...half, '--json')
    expect(ended.json()).toMatchObject({ outcome: 'imported' })
    const { preprocessing } = await readBundle(at('work', 'models', 'mnasnet_small.open'))
    expect(preprocessing).toMatchObject({ mean: [127.5, 127.5, 127.5], std: [127.5, 127.5, 127.5] })
    putWeights('timm/mnasnet_small.said', { ...open, ...pixels })
    const other = await run('zoo', 'pull', 'hf:timm/mnasnet_small.said', '--mean', '124,116,104', '--json')
    expect(other.json()).toMatchObject({
      error: { code: 'MNAS_IMPORT_CONFIG', message: expect.stringContaining('as the flag says') },
    })
    const entry = await run('zoo', 'pull', 'me/tiny', '--epsilon', '1e-3', '--out', 'models/none', '--json')
    expect(entry.json()).toMatchObject({ error: { code: 'MNAS_ZOO_SAYS_ITSELF' } })
  })

  it('names what is no reference, and what is in no zoo', async () => {
    expect((await run('zoo', 'pull', '../x', '--json')).json()).toMatchObject({ error: { code: 'MNAS_ZOO_REFERENCE' } })
    const unknown = await run('zoo', 'pull', 'me/other', '--json')
    expect(unknown.json()).toMatchObject({ error: { code: 'MNAS_ZOO_ENTRY_UNKNOWN' } })
    const gone = await run('zoo', 'pull', 'me/tiny@3', '--json')
    expect(gone.json<{ error: { message: string } }>().error.message).toContain('me/tiny@1.1.0')
    const none = await run('zoo', 'pull', 'me/tiny', '--zoo', at('work'), '--json')
    expect(none.json()).toMatchObject({ error: { code: 'MNAS_ZOO_NONE' } })
    const hubless = await run('zoo', 'pull', 'hf:me/nothing', '--json')
    expect(hubless.json()).toMatchObject({ error: { code: 'MNAS_ZOO_MISSING' } })
  })
})

describe('an entry as a MODEL', () => {
  it('is fetched, used, and left as it was', async () => {
    const exported = await run('export', 'zoo:me/tiny@1.1.0', '--format', 'tflite', '--json')
    expect(exported.json()).toMatchObject({ file: expect.stringMatching(/^exports\//), randomWeights: false })
    expect(await readdir(at('work', 'exports'))).not.toHaveLength(0)
    const fetched = await readdir(at('cache', 'zoo', 'models'), { recursive: true })
    const files = fetched.filter((path) => dirname(path).endsWith('tiny')).map((path) => basename(path))
    expect(files.sort()).toEqual(['model.json', 'weights.safetensors'])
  })

  it('is the same by the address of its folder', async () => {
    const shown = await run('arch', 'show', `${server.url}/entries/me/tiny/1.0.0/entry.json`, '--json')
    expect(shown.json()).toMatchObject({ architecture: { name: 'tiny' } })
  })

  it('is not asked for again when its digest says it all', async () => {
    const { provenance } = await readBundle(at('work', 'models', 'tiny'))
    const { digest } = provenance['zoo'] as unknown as { readonly digest: string }
    await run('arch', 'show', `zoo:me/tiny@sha256:${digest}`)
    const asked = server.requests.length
    expect((await run('arch', 'show', `zoo:me/tiny@sha256:${digest}`)).exitCode).toBe(0)
    expect(server.requests).toHaveLength(asked)
  })
})

describe('mnas zoo list', () => {
  it('shows the newest of each model, and with --all every release', async () => {
    const listed = await run('zoo', 'list', '--zoo', at('zoo'), '--json')
    expect(listed.json()).toMatchObject({ zoos: [{ generation: 2, entries: [{ name: 'me/tiny', release: '1.1.0' }] }] })
    const all = await run('zoo', 'list', '--zoo', 'ours', '--all')
    expect(all.stdout).toMatch(/me\/tiny +1\.1\.0 .*\nme\/tiny +1\.0\.0/)
  })
})
