import { join } from 'node:path'
import type { Precision } from '@mnas/core/contracts'
import { drawnCalibration, exportModel, loadModel, recordFile } from '@mnas/core/deployment'
import { createReporter } from '@mnas/core/events'
import { hashBytes } from '@mnas/core/files'
import { testSurroundings } from '@mnas/core/testing'
import { wholePicture } from '@mnas/images/decoding'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compareAnswers } from '#internal/verify/golden/compare-answers.js'
import { drawPicture, pictureCount } from '#internal/verify/golden/draw-picture.js'
import { goldenAnswers } from '#internal/verify/golden/golden-answers.js'
import { goldenSchema, goldenText } from '#internal/verify/golden/golden-schema.js'
import { pngOf } from '#internal/verify/golden/png-of.js'
import { writeRandomBundle } from '../../../../test/device/random-bundle.js'
import { workspaceRegistry } from '../../../../test/device/workspace-registry.js'
import { temporaryFolder } from '../../../../test/support/temporary-folder.js'

const registry = workspaceRegistry()
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let bundle: string
beforeAll(async () => {
  folder = await temporaryFolder('golden')
  bundle = join(folder.path, 'tiny-random')
  await writeRandomBundle(bundle, registry)
  const model = await loadModel(registry, { argument: bundle, randomWeights: false })
  for (const [format, precision] of [
    ['tflite', 'float32'],
    ['tflite', 'int8'],
    ['tfjs', 'float32'],
  ] as const satisfies readonly (readonly [string, Precision])[]) {
    const exporter = await registry.get('exporter', format)
    const file = await exportModel(exporter, model, {
      ...{ folder: join(bundle, 'exports'), precision },
      calibration: drawnCalibration(model.graph),
    })
    await recordFile({ file, model, exporter, mnasVersion: '0', cacheFolder: folder.path })
  }
})
afterAll(() => folder.remove())

describe('the drawn pictures', () => {
  const pictures = Array.from({ length: pictureCount }, (_, index) => drawPicture(index))

  it('are 16, of odd sizes, and for ever the same', () => {
    expect(pictureCount).toBe(16)
    for (const { width, height } of pictures) expect([width % 2, height % 2]).toEqual([1, 1])
    const hashes = pictures.map(({ pixels }) => hashBytes(pixels))
    expect(new Set(hashes).size).toBe(16)
    expect(hashBytes(hashes.join())).toMatchInlineSnapshot(`"0fdecc9a9e297785acacfb8bf03b686d4434dc29cbded81dd5eaf2efcaed1f9c"`)
  })

  it('come out of their files as they were drawn, whoever decodes them', async () => {
    for (const picture of pictures) {
      const { width, height, pixels } = await wholePicture(Buffer.from(pngOf(picture)))
      expect([width, height]).toEqual([picture.width, picture.height])
      expect(Buffer.from(pixels).equals(picture.pixels)).toBe(true)
    }
  })
})

describe('golden answers', () => {
  it('are those of the weights and of every export that something here runs, the same each time', async () => {
    const exports = ['tiny-random-32px.tflite', 'tiny-random-32px-int8.tflite', 'tiny-random-32px.tfjs'].map(
      (name) => `exports/${name}`,
    )
    const request = { registry, folder: bundle, exports, engine: 'onnx', threads: 1, around: testSurroundings() }
    const golden = await goldenAnswers({ ...request, reporter: createReporter('silent') })
    expect(goldenSchema.parse(JSON.parse(goldenText(golden)))).toEqual(golden)
    expect(golden.models.map(({ path, format, precision }) => [path, format, precision])).toEqual([
      ['weights.safetensors', 'safetensors', null],
      ['exports/tiny-random-32px.tflite', 'tflite', 'float32'],
      ['exports/tiny-random-32px-int8.tflite', 'tflite', 'int8'],
    ])
    const [weights, float, int8] = golden.models.map(({ outputs }) => outputs['probabilities']!)
    for (const { values, length } of [weights!, float!, int8!]) {
      expect([values.length, length]).toEqual([16, 4])
      for (const row of values) expect(row.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 1)
    }
    expect([weights!.step, float!.step, int8!.step]).toEqual([null, null, 1 / 256])
    // The file says what the weights say, to a rounding, and no two pictures are one to it.
    const kept = float!.values.map((values) => ({ length: 4, values }))
    expect(compareAnswers(weights!, kept, true)).toMatchObject({ holds: true, sameTop: 16, unit: 'probability' })
    expect(new Set(weights!.values.map((row) => row.join())).size).toBe(16)
    expect(await goldenAnswers({ ...request, reporter: createReporter('silent') })).toEqual(golden)
  })

  it('are compared by what a float and what a level is', () => {
    const golden = { step: null, length: 2, values: [[0.6, 0.4]] }
    const now = (...values: readonly number[]) => [{ length: 2, values }]
    expect(compareAnswers(golden, now(0.601, 0.399), true)).toMatchObject({ holds: true, sameTop: 1 })
    expect(compareAnswers(golden, now(0.602, 0.398), true).holds).toBe(false)
    expect(compareAnswers({ ...golden, values: [[0.5004, 0.4996]] }, now(0.4999, 0.5001), true)).toMatchObject({
      holds: false,
      sameTop: 0,
    })
    const levels = { ...golden, step: 1 / 256 }
    expect(compareAnswers(levels, now(0.6 + 2 / 256, 0.4), true)).toMatchObject({ holds: true, sameTop: null })
    expect(compareAnswers(levels, now(0.6 + 3 / 256, 0.4), true)).toMatchObject({ holds: false, unit: 'steps' })
    expect(compareAnswers(golden, [{ length: 3, values: [0.6, 0.4, 0] }], true).holds).toBe(false)
    // Coordinates are no probabilities: a thousandth of the largest.
    const sides = { step: null, length: 2, values: [[200, -3]] }
    expect(compareAnswers(sides, now(200.1, -3.1), false)).toMatchObject({ holds: true, unit: 'share' })
  })
})
