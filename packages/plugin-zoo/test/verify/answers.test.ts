import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { exportModel, loadModel } from '@mnas/core/deployment'
import { createReporter } from '@mnas/core/events'
import { testSurroundings } from '@mnas/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { goldenAnswers } from '#internal/verify/golden/golden-answers.js'
import type { Golden, GoldenModel } from '#internal/verify/golden/golden-schema.js'
import { workspaceRegistry } from '../../../../test/device/workspace-registry.js'
import { broken, type Falsifier, openFalsifier } from './support/falsifier.js'
import { writeRandomEntry } from './support/random-entry.js'

const registry = workspaceRegistry()
const float = 'exports/tiny-random-32px.tflite'
let falsifier: Falsifier
beforeAll(async () => {
  falsifier = await openFalsifier('answers', registry)
})
afterAll(() => falsifier.remove())

/** @param change null: it is left out */
async function changeGolden(at: string, change: (model: GoldenModel) => object | null): Promise<void> {
  const path = join(at, 'golden.json')
  const golden = JSON.parse(await readFile(path, 'utf8')) as Golden
  const models = golden.models.map(change).filter((model) => model !== null)
  await writeFile(path, JSON.stringify({ ...golden, models }))
}

describe('a verification of answers', () => {
  it('finds nothing wrong with exports at another input size than the model has', async () => {
    const at = join(falsifier.path, 'sized')
    await writeRandomEntry(at, registry, falsifier.path, [
      { format: 'tflite', precision: 'float32', size: 48 },
      { format: 'tflite', precision: 'int8', size: 64 },
      { format: 'tfjs', precision: 'float32', size: 48 },
      { format: 'tflite', precision: 'float32' },
    ])
    const { rows, failure } = await falsifier.verify(at, ['outputs'])
    expect([broken(rows), failure]).toEqual([[], null])
    const held = rows.filter(({ holds, claim }) => holds && /^(?:structure|answers) /.test(claim)).map(({ claim }) => claim)
    expect(held.sort()).toEqual([
      'answers of exports/tiny-random-32px.tflite',
      'answers of exports/tiny-random-48px.tflite',
      'answers of exports/tiny-random-64px-int8.tflite',
      'answers of weights.safetensors',
      'structure of exports/tiny-random-32px.tflite',
      'structure of exports/tiny-random-48px.tfjs',
      'structure of exports/tiny-random-48px.tflite',
      'structure of exports/tiny-random-64px-int8.tflite',
    ])
  })

  it.each([
    ['no outputs', (model: GoldenModel) => ({ ...model, outputs: {} }), /leave "probabilities" out/],
    [
      'no numbers',
      (model: GoldenModel) => ({ ...model, outputs: { probabilities: { step: null, length: 4, values: [] } } }),
      /hold no number/,
    ],
    ['nothing of it at all', () => null, /the entry has none/],
  ])('calls nothing right of which the golden answers hold %s', async (_, change, reason) => {
    const rows = await falsifier.rowsAfter(
      (at) => changeGolden(at, (model) => (['weights.safetensors', float].includes(model.path) ? change(model) : model)),
      ['outputs'],
    )
    expect(broken(rows)).toEqual([])
    for (const claim of ['answers of weights.safetensors', `answers of ${float}`])
      expect(rows.find((row) => row.claim === claim)).toMatchObject({ holds: null, got: expect.stringMatching(reason) })
  })

  it('takes an answer that is no number for none, and publishes none', async () => {
    let place = ''
    const rows = await falsifier.rowsAfter(
      async (at) => {
        place = at
        const model = await loadModel(registry, { argument: at, randomWeights: false })
        // Finite, and too large for float32 once they are added up: infinity, of which softmax makes NaN.
        const weights = Object.fromEntries(
          Object.entries(model.weights).map(([name, one]) =>
            name.startsWith('logits.') ? [name, { ...one, data: Float32Array.from(one.data, () => 3e38) }] : [name, one],
          ),
        )
        await exportModel(await registry.get('exporter', 'tflite'), { ...model, weights }, { folder: join(at, 'exports') })
        await changeGolden(at, (one) => {
          const zeros = (rows: readonly (readonly number[])[]) => rows.map((row) => row.map(() => 0))
          const outputs = Object.entries(one.outputs).map(([name, output]) => [name, { ...output, values: zeros(output.values) }])
          return one.path === float ? { ...one, outputs: Object.fromEntries(outputs) } : one
        })
      },
      ['outputs'],
    )
    expect(broken(rows)).toEqual([[`answers of ${float}`, 'probabilities']])
    expect(rows.find(({ claim }) => claim === `answers of ${float}`)!.got).toBe('probabilities: NaN or infinity')
    const how = { engine: 'onnx', threads: 1, around: testSurroundings(), reporter: createReporter('silent') }
    await expect(goldenAnswers({ registry, folder: place, exports: [float], ...how })).rejects.toMatchObject({
      code: 'MNAS_ZOO_NO_NUMBERS',
    })
  })

  it('asks an export itself, whatever its golden answers call it', async () => {
    const other = async (at: string) => {
      const model = await loadModel(registry, { argument: at, randomWeights: false })
      const changed = Object.fromEntries(
        Object.entries(model.weights).map(([name, one]) => [
          name,
          { ...one, data: Float32Array.from(one.data, (value) => value / 2) },
        ]),
      )
      const exporter = await registry.get('exporter', 'tflite')
      await exportModel(exporter, { ...model, weights: changed }, { folder: join(at, 'exports') })
      await changeGolden(at, (one) => (one.path === float ? { ...one, format: 'safetensors' } : one))
    }
    const rows = await falsifier.rowsAfter(other, ['outputs'])
    expect(broken(rows).map(([claim]) => claim)).toEqual([`answers of ${float}`])
  })

  it.each([
    ['{', /not JSON|JSON/],
    ['{"version":2}', /version/],
    ['{"version":1,"pictures":99,"models":[]}', /pictures of version 99/],
  ])('refuses golden answers such as %s', async (text, reason) => {
    const rows = await falsifier.rowsAfter((at) => writeFile(join(at, 'golden.json'), text), ['outputs'])
    expect(broken(rows)).toEqual([['answers in golden.json', 'MNAS_ZOO_GOLDEN']])
    expect(rows.find(({ kind }) => kind === 'outputs')!.got).toMatch(reason)
  })
})
