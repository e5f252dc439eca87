import { appendFile, cp, readFile, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { architectureHash } from '@mnas/core/architecture'
import { readBundle } from '@mnas/core/bundle'
import type { LatencyMeasurement } from '@mnas/core/contracts'
import { exportModel, loadModel, recordFile } from '@mnas/core/deployment'
import { createReporter } from '@mnas/core/events'
import { hashBytes, jsonText } from '@mnas/core/files'
import { timingOf } from '@mnas/core/measurement'
import { createRegistry, discoverManifests, type Registry } from '@mnas/core/plugins'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PublishRequest, publishModel } from '#internal/publish/publish-model.js'
import { writeRandomBundle } from '../../../../test/device/random-bundle.js'
import { workspaceRegistry } from '../../../../test/device/workspace-registry.js'
import { temporaryFolder } from '../../../../test/support/temporary-folder.js'
import manifest from '../../package.json' with { type: 'json' }
import { storeSurroundings } from '../support/store-surroundings.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const stores = createRegistry(discoverManifests([{ name: manifest.name, root, pjson: manifest }]))
const others = workspaceRegistry()
/** All that the program has. */
const registry: Registry = {
  ...others,
  names: (kind) => (kind === 'store' ? stores : others).names(kind),
  get: (kind, name) => (kind === 'store' ? stores : others).get(kind, name),
}

const provenance = {
  ...{ mnas: '0.1.0', job: hashBytes('job'), seed: 1, recipe: { optimizer: { kind: 'sgd' }, batchSize: 8, epochs: 2 } },
  ...{ data: { fingerprint: hashBytes('photos'), train: 80, heldOut: 8, validation: 20 }, plan: { engine: 'onnx' } },
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const at = (...names: readonly string[]) => join(folder.path, ...names)
let answered = 0

beforeAll(async () => {
  folder = await temporaryFolder('publish-model')
  await writeRandomBundle(at('photos'), others, { metrics: { top1: 0.75, count: 20 }, provenance })
  const model = await loadModel(others, { argument: at('photos'), randomWeights: false })
  const exporter = await others.get('exporter', 'tflite')
  const file = await exportModel(exporter, model, { folder: at('photos', 'exports') })
  const runtime = { name: 'replay', version: '1', sha256: hashBytes('replay') }
  const fingerprint = hashBytes('device')
  const device = { name: 'replay', kind: 'host', emulated: true, formats: ['tflite'], runtime, fingerprint, details: {} } as const
  const measurement: LatencyMeasurement = {
    ...{ latencyMs: 3, spread: 0, stable: true, statistic: 'median', processes: [timingOf([3])], runtime, fingerprint },
    ...{ flags: { threads: 1 }, before: {}, after: {} },
  }
  await recordFile({ file, model, exporter, mnasVersion: '0', cacheFolder: at('cache') }, { measured: { device, measurement } })
})
afterAll(() => folder.remove())

const requestOf = (changes: Partial<PublishRequest> = {}): PublishRequest => ({
  ...{ registry, model: at('photos'), to: at('zoo'), name: 'me/photos', release: '1.0.0', licence: 'MIT', card: {} },
  ...{ allowEmulated: true, dryRun: true, engine: 'onnx', threads: 1, mnasVersion: '0.1.0', dataName: 'photos' },
  answers: async () => {
    answered++
    return { version: 1, pictures: 1, models: [] }
  },
  around: storeSurroundings(at('cache')),
  reporter: createReporter('silent'),
  ...changes,
})
const refused = async (changes: Partial<PublishRequest>, code: string, message = /Expected/) => {
  const before = answered
  await expect(publishModel(requestOf(changes))).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
  expect(answered, 'the engine was asked before').toBe(before)
}

/** The bundle with something changed in it. */
async function changed(name: string, change: (path: (...names: readonly string[]) => string) => Promise<void>): Promise<string> {
  await cp(at('photos'), at(name), { recursive: true })
  await change((...names) => at(name, ...names))
  return at(name)
}
const withProvenance = (name: string, change: (known: typeof provenance) => object) =>
  changed(name, async (path) => {
    const model = JSON.parse(await readFile(path('model.json'), 'utf8'))
    await writeFile(path('model.json'), jsonText({ ...model, provenance: change(model.provenance) }))
  })

describe('an entry of a bundle', () => {
  it('says what the bundle says', async () => {
    const { entry, outcome } = await publishModel(requestOf())
    const { architecture } = await readBundle(at('photos'))
    expect(outcome).toBe('dry-run')
    expect(entry).toMatchObject({
      ...{ task: 'classification', architecture: architectureHash(architecture), architectureName: 'tiny', classes: 4 },
      lineage: { kind: 'training', recipe: 'sgd, batches of 8, 2 epochs', data: provenance.data.fingerprint, parent: null },
      licence: { weights: 'MIT', code: 'Apache-2.0', data: [{ name: 'photos', licence: null, terms: null }] },
    })
    expect(entry.accuracy).toMatchObject([{ metrics: { top1: 0.75 }, right: 15, mnas: '0.1.0' }])
    expect(entry.latency).toMatchObject([{ device: { emulated: true }, ms: { p50: 3 } }])
  })

  it('holds no latency but as a claim: beside a file there are serial numbers', async () => {
    const { files } = await publishModel(requestOf())
    const facts = files.find(({ role }) => role === 'facts')!
    const text = new TextDecoder().decode((facts.source as { readonly bytes: Uint8Array }).bytes)
    expect(JSON.parse(text)).toMatchObject({ latencies: [], format: 'tflite' })
  })

  it('is the same for the same bundle', async () => {
    const [first, second] = [await publishModel(requestOf()), await publishModel(requestOf())]
    expect(second.digest).toBe(first.digest)
  })
})

describe('what is refused, before the engine is asked', () => {
  it.each([
    ['MNAS_ZOO_LICENCE_MISSING', { licence: undefined }],
    ['MNAS_ZOO_LICENCE', { licence: 'free for all' }],
    ['MNAS_ZOO_LICENCE', { dataLicence: 'mine' }],
    ['MNAS_ZOO_EMULATED', { allowEmulated: false }],
    ['MNAS_ZOO_NAME', { name: 'Me/Photos' }],
    ['MNAS_ZOO_NAME', { name: 'photos' }],
    ['MNAS_ZOO_NAME', { release: '1.0' }],
    ['MNAS_ZOO_NAME', { release: '1.0.0+build' }],
    ['MNAS_ZOO_READ_ONLY', { to: 'https://127.0.0.1:1/zoo' }],
    ['MNAS_ZOO_READ_ONLY', { to: 'family:' }],
    ['MNAS_ZOO_LOCATION', { to: 'ftp://127.0.0.1/zoo' }],
    ['MNAS_MODEL_UNTRAINED', { model: 'mnasnet-a1' }],
    ['MNAS_ZOO_PRIVATE', { dataName: join(homedir(), 'photos') }],
    ['MNAS_ZOO_PRIVATE', { dataTerms: 'see /tmp/terms.txt' }],
    ['MNAS_ZOO_PRIVATE', { card: { limits: 'as in C:\\photos' } }],
    ['MNAS_ZOO_KEY_FILE', { key: 'nowhere.pem' }],
    ['MNAS_ZOO_TEXT', { dataName: 'photos\u001b[2J' }],
    ['MNAS_ZOO_TEXT', { dataName: 'photos\nof mine' }],
    ['MNAS_ZOO_TEXT', { card: { risks: 'a\u009b2J' } }],
  ] as const)('%s: %o', (code, changes) => refused(changes, code))

  it('metrics of images that nobody knows, weights of which nobody knows the training', async () => {
    const { data: _, ...rest } = provenance
    await refused({ model: await withProvenance('unmeasured', () => rest) }, 'MNAS_ZOO_ORIGIN', /data\.fingerprint/)
    const named = { ...provenance, data: { ...provenance.data, fingerprint: 'photos' } }
    await refused({ model: await withProvenance('named', () => named) }, 'MNAS_ZOO_FINGERPRINT', /"photos"/)
    const { job: __, ...jobless } = provenance
    await refused({ model: await withProvenance('jobless', () => jobless) }, 'MNAS_ZOO_ORIGIN', /"job"/)
  })

  it("another licence than the parent's, unless there is a reason", async () => {
    const model = await withProvenance('child', (known) => ({ ...known, parent: { name: 'a1', import: { from: 'timm' } } }))
    await refused({ model }, 'MNAS_ZOO_RELICENSE', /Apache-2\.0/)
    const { entry } = await publishModel(requestOf({ model, relicense: 'asked' }))
    expect(entry.licence).toMatchObject({ weights: 'MIT', relicensed: 'asked' })
  })

  it('an export that was changed, or made of another network, or of random weights', async () => {
    const name = 'tiny-random-32px.tflite'
    const withFacts = (copy: string, change: (facts: { readonly model: object }) => object) =>
      changed(copy, async (path) => {
        const facts = JSON.parse(await readFile(path('exports', `${name}.json`), 'utf8'))
        await writeFile(path('exports', `${name}.json`), jsonText({ ...facts, ...change(facts) }))
      })
    const touched = await changed('touched', (path) => appendFile(path('exports', name), 'x'))
    await refused({ model: touched }, 'MNAS_ZOO_EXPORT_CHANGED')
    const stranger = await withFacts('stranger', () => ({ graphHash: 'a'.repeat(64) }))
    await refused({ model: stranger }, 'MNAS_ZOO_EXPORT_STRUCTURE')
    const random = await withFacts('random', ({ model }) => ({ model: { ...model, randomWeights: true } }))
    await refused({ model: random }, 'MNAS_ZOO_EXPORT_STRUCTURE', /random weights/)
  })

  it('a path in any text file', async () => {
    const marked = await changed('marked', (path) => writeFile(path('LICENSE'), 'MIT\nfound in C:\\Users\\ada\\LICENSE'))
    await refused({ model: marked }, 'MNAS_ZOO_PRIVATE', /line 2 of "LICENSE"/)
  })
})

describe('beside the files of a bundle', () => {
  it('the words of the licence go along, and what is nobody’s stays here', async () => {
    const model = await changed('worded', async (path) => {
      await writeFile(path('LICENSE'), 'MIT License')
      await writeFile(path('exports', 'notes.json'), '{}')
      await writeFile(path('exports', 'stray.tflite'), 'x')
    })
    const { entry } = await publishModel(requestOf({ model }))
    const licence = entry.files.find(({ role }) => role === 'licence')
    expect(licence).toMatchObject({ path: 'LICENSE', sha256: entry.licence.text })
    expect(entry.files.some(({ path }) => /notes|stray/.test(path))).toBe(false)
  })
})
