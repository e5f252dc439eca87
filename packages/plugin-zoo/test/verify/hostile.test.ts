import { generateKeyPairSync } from 'node:crypto'
import { cp, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArchitecture } from '@mnas/core/architecture'
import { deployedModel } from '@mnas/core/deployment'
import { hashBytes } from '@mnas/core/files'
import { initializeWeights, lower } from '@mnas/core/graph'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signFiles } from '#internal/signatures/sign-files.js'
import type { TrustList, TrustMode } from '#internal/signatures/trust-list.js'
import { describeGraphModel } from '#internal/verify/files/graph-model.js'
import { workspaceRegistry } from '../../../../test/device/workspace-registry.js'
import { tinyNetwork } from '../../../../test/support/tiny-network.js'
import { broken, type Falsifier, openFalsifier } from './support/falsifier.js'

const registry = workspaceRegistry()
let falsifier: Falsifier
beforeAll(async () => {
  falsifier = await openFalsifier('hostile', registry)
})
afterAll(() => falsifier.remove())

const rowsAfter: Falsifier['rowsAfter'] = (change, levels) => falsifier.rowsAfter(change, levels)
const float = 'exports/tiny-random-32px.tflite'
const graph = 'exports/tiny-random-32px.tfjs'

async function changeManifest(model: string, leads: string): Promise<void> {
  const path = join(model, 'model.json')
  const json = JSON.parse(await readFile(path, 'utf8'))
  json.weightsManifest[0].paths[0] = leads
  await writeFile(path, JSON.stringify(json))
}

const [softmax, custom] = [25, 32]

/** The same .tflite, in which an operator of the format is one of somebody's own: FlatBuffers by hand, for no library of ours writes such files. */
function withCustomOperator(file: Buffer, operator: number): Buffer {
  const bytes = Buffer.from(file)
  const field = (table: number, slot: number) => {
    const layout = table - bytes.readInt32LE(table)
    const at = 4 + 2 * slot < bytes.readUInt16LE(layout) ? bytes.readUInt16LE(layout + 4 + 2 * slot) : 0
    return at === 0 ? null : table + at
  }
  const codes = field(bytes.readUInt32LE(0), 1)!
  const list = codes + bytes.readUInt32LE(codes)
  for (let i = 0; i < bytes.readUInt32LE(list); i++) {
    const at = list + 4 + 4 * i
    const code = at + bytes.readUInt32LE(at)
    const [old, whole] = [field(code, 0), field(code, 3)]
    if ((old !== null && bytes.readInt8(old) === operator) || (whole !== null && bytes.readInt32LE(whole) === operator)) {
      if (old !== null) bytes.writeInt8(custom, old)
      if (whole !== null) bytes.writeInt32LE(custom, whole)
    }
  }
  return bytes
}

describe('a verification', () => {
  it('finds nothing wrong with an entry that nobody changed', async () => {
    const { rows, failure } = await falsifier.verify(falsifier.whole, ['outputs'])
    expect([broken(rows), failure]).toEqual([[], null])
    expect(rows.filter(({ kind }) => kind === 'outputs').map(({ claim }) => claim)).toEqual([
      'answers of weights.safetensors',
      `answers of ${float}`,
      'answers of exports/tiny-random-32px-int8.tflite',
      `answers of ${graph}`,
    ])
  })

  const { publicKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const trusting = (mode: TrustMode): TrustList => [{ pattern: 'me/*', mode, key }]

  it('looks at nothing of an entry that nobody signed where that is enforced', async () => {
    const { rows, failure } = await falsifier.verify(falsifier.whole, ['outputs', 'latency'], trusting('enforce'))
    expect(broken(rows)).toEqual([['signature of me/random@1.0.0', 'MNAS_ZOO_UNSIGNED']])
    expect(rows.slice(1).map(({ claim, got, holds }) => [claim, got, holds])).toEqual(
      ['files', 'outputs', 'latency'].map((level) => [`${level} of me/random@1.0.0`, 'not looked at', null]),
    )
    expect(failure).toMatchObject({ code: 'MNAS_ZOO_BROKEN_SIGNATURE', exitCode: 13 })
  })

  it('tells of one that nobody signed where only a warning is wanted, and looks at it', async () => {
    const { rows, failure } = await falsifier.verify(falsifier.whole, [], trusting('warn'))
    expect(rows[0]).toMatchObject({ got: expect.stringMatching(/^MNAS_ZOO_UNSIGNED: /), comparable: false, holds: null })
    expect(rows.filter(({ kind, holds }) => kind === 'files' && holds)).not.toHaveLength(0)
    expect(failure).toBeNull()
  })

  it('takes no signature of something else, even where only a warning is wanted', async () => {
    const at = join(falsifier.path, 'signed-otherwise')
    await cp(falsifier.whole, at, { recursive: true })
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const signature = signFiles('me/random@1.0.0', [{ path: 'entry.json', sha256: hashBytes('another') }], privateKey)
    await writeFile(join(at, 'model.sig'), signature)
    for (const trust of [[], trusting('warn')]) {
      const { rows, failure } = await falsifier.verify(at, [], trust)
      expect(rows[0]).toMatchObject({ got: expect.stringMatching(/^MNAS_ZOO_SIGNATURE_CHANGED: /), holds: false })
      expect(failure).toMatchObject({ code: 'MNAS_ZOO_BROKEN_SIGNATURE' })
    }
  })

  it('refuses a safetensors file whose header says 2 GB, without making room for it', async () => {
    const change = async (at: string) => {
      const bytes = await readFile(join(at, 'weights.safetensors'))
      bytes.writeBigUInt64LE(2n ** 31n)
      await writeFile(join(at, 'weights.safetensors'), bytes)
    }
    const rows = await rowsAfter(change, ['outputs'])
    expect(broken(rows)).toEqual([['weights weights.safetensors', 'MNAS_WEIGHTS_LIMIT']])
    expect(rows.filter(({ kind }) => kind === 'outputs').every(({ comparable }) => !comparable)).toBe(true)
  })

  it('refuses weights of another architecture', async () => {
    const rows = await rowsAfter(async (at) => {
      const model = JSON.parse(await readFile(join(at, 'model.json'), 'utf8'))
      model.architecture.head.filters = 24
      await writeFile(join(at, 'model.json'), JSON.stringify(model))
    })
    expect(broken(rows).slice(0, 2)).toEqual([
      ['model model.json', expect.stringMatching(/^classification/)],
      ['weights weights.safetensors', 'MNAS_ZOO_STRUCTURE'],
    ])
  })

  it.each(['weights.pt', 'weights.bin'])('refuses a pickle, here called %s', async (name) => {
    const rows = await rowsAfter((at) => writeFile(join(at, name), Buffer.from([0x80, 2, 0x63, 0x6f, 0x73, 0x0a])))
    expect(broken(rows)).toEqual([[`file ${name}`, 'MNAS_ZOO_PICKLE']])
  })

  it('refuses a .tflite of another architecture', async () => {
    const change = async (at: string) => {
      const task = await registry.get('task', 'classification')
      const other = parseArchitecture({ ...tinyNetwork, blocks: tinyNetwork.blocks.slice(0, 1) })
      const { graph } = deployedModel(task, lower(other, task), other.task.options, {})
      const exporter = await registry.get('exporter', 'tflite')
      const weights = initializeWeights(graph, 1)
      const about = { name: 'other', labels: null, preprocessing: task.preprocessing, options: exporter.options.parse({}) }
      await exporter.write({ ...about, graph, weights, path: join(at, float), precision: 'float32' })
    }
    const rows = await rowsAfter(change, ['outputs'])
    expect(broken(rows)).toEqual([[`structure of ${float}`, 'MNAS_ZOO_STRUCTURE']])
    expect(rows.find(({ claim }) => claim === `answers of ${float}`)).toMatchObject({ comparable: false, holds: null })
  })

  it('refuses a .tflite with an operator of its own', async () => {
    const rows = await rowsAfter(async (at) => {
      await writeFile(join(at, float), withCustomOperator(await readFile(join(at, float)), softmax))
    })
    expect(broken(rows)).toEqual([[`structure of ${float}`, 'MNAS_ZOO_CUSTOM_CODE']])
  })

  it('refuses a .tflite that ends half-way', async () => {
    const rows = await rowsAfter((at) => truncate(join(at, float), 1000))
    expect(broken(rows)).toEqual([[`structure of ${float}`, 'MNAS_RUNTIME_MODEL']])
  })

  it('refuses a TensorFlow.js model whose manifest leads elsewhere', async () => {
    const rows = await rowsAfter((at) => changeManifest(join(at, graph), '../../../secret.bin'))
    expect(broken(rows)).toEqual([[`structure of ${graph}`, 'MNAS_ZOO_MANIFEST']])
  })

  it.each([
    'https://example.org/w.bin',
    '//host/w.bin',
    '/etc/passwd',
    'C:w.bin',
    'a/b.bin',
    'a\\b.bin',
    'absent.bin',
    '.hidden',
    '',
  ])('takes "%s" for no file of a TensorFlow.js model', async (leads) => {
    const at = join(falsifier.path, `manifest-${hashBytes(leads)}`)
    await cp(join(falsifier.whole, graph), at, { recursive: true })
    const files = await readdir(at)
    await expect(describeGraphModel(at, files, graph)).resolves.toMatchObject({ inputs: [{ name: 'image' }] })
    await changeManifest(at, leads)
    await expect(describeGraphModel(at, files, graph)).rejects.toMatchObject({ code: 'MNAS_ZOO_MANIFEST' })
  })

  it('refuses code beside a TensorFlow.js model, also under the name of what mnas writes there', async () => {
    const beside = await rowsAfter((at) => writeFile(join(at, graph, 'more.js'), 'alert(1)'))
    expect(broken(beside)).toEqual([[`structure of ${graph}`, 'MNAS_ZOO_CUSTOM_CODE']])
    const named = await rowsAfter((at) => writeFile(join(at, graph, 'postprocess.js'), 'alert(1)'))
    expect(broken(named)).toEqual([[`structure of ${graph}`, 'MNAS_ZOO_STRUCTURE']])
  })

  it('tells of a file that is missing, longer, or a folder', async () => {
    const at = join(falsifier.path, 'rows')
    await cp(falsifier.whole, at, { recursive: true })
    await rm(join(at, float))
    await writeFile(join(at, graph, 'model.json'), `${await readFile(join(at, graph, 'model.json'), 'utf8')} `)
    await rm(join(at, 'golden.json'))
    await mkdir(join(at, 'golden.json'))
    const { rows, failure } = await falsifier.verify(at, ['outputs'])
    expect(broken(rows).map(([claim]) => claim)).toEqual([
      `file ${graph}/model.json`,
      `file ${float}`,
      'file golden.json',
      'answers in golden.json',
    ])
    expect(failure).toMatchObject({ code: 'MNAS_ZOO_BROKEN_FILES', exitCode: 9 })
  })
})
