import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deployAnswer } from '@mnas/core/answers'
import type { AskedFile, Batch } from '@mnas/core/contracts'
import { loadModel, writeModelFile } from '@mnas/core/deployment'
import type { Registry } from '@mnas/core/plugins'
import { testSurroundings } from '@mnas/core/testing'
import detection from '@mnas/plugin-detection'
import { tasks } from '@mnas/plugin-detection/answers'
import { tfliteExporter } from '@mnas/tflite'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answersOf } from '../../packages/tflite/test/support/calibration.js'
import { testedRuntimes } from '../../packages/tflite/test/support/runtimes.js'
import { mnas } from '../support/mnas.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { writeTinyNetwork } from '../support/tiny-network.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const path = (...names: string[]) => join(folder.path, ...names)
const run = (args: readonly string[]) => mnas(args, { cwd: folder.path, env: { MNAS_CACHE_FOLDER: path('cache') } })
const pictures = 30
const around = testSurroundings()
const registry = { get: async () => detection } as unknown as Registry

/** A red or a blue square in each picture, annotated as COCO does it, with category ids that have a hole. */
async function writePictures(): Promise<void> {
  await mkdir(path('data'))
  const numbers = Array.from({ length: pictures }, (_, number) => {
    const [width, height, side] = [80 + ((number * 7) % 30), 64 + ((number * 5) % 30), 20 + ((number * 3) % 20)]
    const [left, top] = [(number * 11) % (width - side), (number * 13) % (height - side)]
    return { number, width, height, side, left, top, isBlue: number % 2 === 1 }
  })
  for (const { number, width, height, side, left, top, isBlue } of numbers) {
    const square = { width: side, height: side, channels: 3 as const, background: isBlue ? '#1010e0' : '#e01010' }
    await sharp({ create: { width, height, channels: 3, background: { r: 118 + number, g: 128, b: 128 } } })
      .composite([{ input: { create: square }, left, top }])
      .jpeg()
      .toFile(path('data', `${number}.jpg`))
  }
  const images = numbers.map(({ number, width, height }) => ({ id: number + 1, file_name: `${number}.jpg`, width, height }))
  const annotations = numbers.map(({ number, side, left, top, isBlue }) => {
    const own = { id: number + 1, image_id: number + 1, category_id: isBlue ? 7 : 3 }
    return { ...own, bbox: [left, top, side, side], area: side * side, iscrowd: 0 }
  })
  const categories = [
    { id: 3, name: 'red' },
    { id: 7, name: 'blue' },
  ]
  await writeFile(path('data', '_annotations.coco.json'), JSON.stringify({ images, annotations, categories }))
}

beforeAll(async () => {
  folder = await temporaryFolder('detection')
  await writePictures()
  await writeTinyNetwork(path('tiny.json'))
})
afterAll(() => folder.remove())

interface Trained {
  readonly metrics: unknown
}

describe('a detector', () => {
  it('is trained, evaluated, asked and deployed', async () => {
    const words = ['--task', 'detection', '--data', 'data', '--epochs', '2', '--batch', '8', '--threads', '1', '--out', 'model']
    const trained = await run(['train', 'tiny.json', ...words, '--json'])
    expect(trained.exitCode, trained.stderr).toBe(0)

    const evaluated = await run(['evaluate', 'model', '--data', 'data', '--charts', 'charts', '--json'])
    expect(evaluated.exitCode, evaluated.stderr).toBe(0)
    const { metrics, charts } = evaluated.json<{ metrics: unknown; charts: readonly { name: string }[] }>()
    expect(tasks.detection.metrics.parse(metrics)).toEqual(metrics)
    expect(new Set(charts.map(({ name }) => name))).toEqual(new Set(['precision-recall', 'classes', 'sizes']))
    expect(trained.json<Trained>().metrics).toEqual(metrics)

    const predicted = await run(['predict', 'model', 'data/1.jpg', '--draw', 'drawn', '--json'])
    expect(predicted.exitCode, predicted.stderr).toBe(0)
    const [{ output }] = predicted.json<{ predictions: readonly [{ output: unknown }] }>().predictions
    expect(tasks.detection.output.parse(output)).toEqual(output)
    expect(await readFile(path('drawn', '1.svg'), 'utf8')).toContain('viewBox="0 0 87 69"')
  })

  it('is deployed with the operator behind it, and the file finds the same', async () => {
    const deployed = await run(['deploy', 'model', '--data', 'data', '--json'])
    expect(deployed.exitCode, deployed.stderr).toBe(0)
    const { files, images } = deployAnswer.parse(deployed.json())
    const { agreement, postProcessing } = files[0]!
    expect(tasks.detection.agreement.parse(agreement)).toEqual(agreement)
    expect(agreement!['maxScoreError']).toBeLessThan(1e-4)
    const photos = Math.min(25, images)
    expect(postProcessing).toMatchObject({ operator: 'TFLite_Detection_PostProcess', photos, timedOn: 'device', reason: null })
  })

  it('says in LiteRT what its rules make of the raw answers, on every picture', async () => {
    const { task, ...model } = await loadModel(registry, { argument: path('model'), randomWeights: false })
    const { name, graph, weights, labels, preprocessing, architecture, targets } = model
    const write = (file: string, behind: typeof model.postProcessing) =>
      writeModelFile(tfliteExporter, {
        ...{ name, graph, weights, labels, preprocessing, path: path(file) },
        ...(behind && { postProcessing: behind }),
      })
    const [raw, whole] = [await write('raw.tflite', null), await write('whole.tflite', model.postProcessing)]
    const dataset = await task.open({ folder: path('data'), cacheFolder: path('cache'), cacheLimitBytes: 2 ** 28, preprocessing })
    const plan = { split: 'all', batchSize: 1, inputSize: architecture.input.size, seed: 0, augmentation: {}, targets } as const
    const examples: Batch[] = []
    const batches = dataset.batches({ ...plan, training: false, decoding: 'exact' }, { epoch: 0, index: 0 }, 0, around.signal)
    for await (const batch of batches) examples.push(batch)
    await dataset.close()
    expect(examples).toHaveLength(pictures)
    const { create } = (await testedRuntimes()).find(({ missing }) => missing === null)!
    const started = create().start!(around)
    const shown = examples.map(({ inputs }) => ({ image: inputs['image']! }))
    const answers = (file: AskedFile) => answersOf(started, file, shown)
    const [expected, received] = [await answers(raw), await answers(whole)]
    await started.close()
    const agreement = task.agreement(architecture.task.options, targets, 'photos', model.postProcessing!)
    for (const [index, example] of examples.entries()) agreement.add(expected[index]!, received[index]!, example)
    expect(agreement.result()).toMatchObject({ maxBoxError: 0, maxScoreError: 0, sameDetections: 1 })
  })
})
