import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
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
import { runPython, testPython } from '../support/python/python.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { writeTinyNetwork } from '../support/tiny-network.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const path = (...names: string[]) => join(folder.path, ...names)
const run = (args: readonly string[]) => mnas(args, { cwd: folder.path, env: { MNAS_CACHE_FOLDER: path('cache') } })
const pictures = 30
const around = testSurroundings()
const registry = { get: async () => detection } as unknown as Registry
const python = testPython()

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

interface Evaluated {
  readonly metrics: Readonly<Record<string, number>>
  readonly detections: string
}

/** What stands beside a file. */
interface Facts {
  readonly outputs: readonly { readonly name: string }[]
}

interface CocoResult {
  readonly category_id: number
}

/** As COCO orders them. */
const twelve = [
  ...['map', 'map50', 'map75', 'mapSmall', 'mapMedium', 'mapLarge'],
  ...['recall1', 'recall10', 'recall100', 'recallSmall', 'recallMedium', 'recallLarge'],
]

interface Predicted {
  readonly predictions: readonly { readonly output: { readonly detections: readonly unknown[] } }[]
  readonly drawings: readonly string[]
}

describe('data', () => {
  it('is looked at, with a picture beside it and never in it', async () => {
    const checked = await run(['data', 'check', 'data', '--size', '96', '--json'])
    expect(checked.exitCode, checked.stderr).toBe(0)
    const { look, ...answer } = checked.json<{ look: { coverage: readonly { inputSize: number }[] } }>()
    expect(answer).toMatchObject({ task: 'detection', takenFor: 'COCO: _annotations.coco.json', picture: 'data-check.png' })
    expect(tasks.detection.look.parse(look)).toEqual(look)
    expect(look.coverage.map(({ inputSize }) => inputSize)).toEqual([96, 128, 160])
    expect(await sharp(path('data-check.png')).metadata()).toMatchObject({ format: 'png', width: 1320 })
    const inside = await run(['data', 'check', 'data', '--out', 'data/look.png', '--json'])
    expect(inside.json()).toMatchObject({ error: { code: 'MNAS_CHECK_PICTURE' } })
  })
})

describe('a detector', () => {
  it('is trained, evaluated, asked and deployed', async () => {
    const words = ['--task', 'detection', '--data', 'data', '--epochs', '2', '--batch', '8', '--threads', '1', '--out', 'model']
    const trained = await run(['train', 'tiny.json', ...words, '--json'])
    expect(trained.exitCode, trained.stderr).toBe(0)
    expect(trained.stderr).toMatch(/COCO: _annotations.coco.json\n.*2 classes with 30 boxes \(red 15, blue 15\).* train/)
    expect(trained.stderr).toMatch(/px: [\d.]+ % of 30 boxes have no anchor/)

    const evaluated = await run(['evaluate', 'model', '--data', 'data', '--threads', '1', '--charts', 'charts', '--json'])
    expect(evaluated.exitCode, evaluated.stderr).toBe(0)
    const { metrics, charts } = evaluated.json<{ metrics: unknown; charts: readonly { name: string }[] }>()
    expect(tasks.detection.metrics.parse(metrics)).toEqual(metrics)
    expect(new Set(charts.map(({ name }) => name))).toEqual(new Set(['precision-recall', 'classes', 'sizes']))
    expect(trained.json<Trained>().metrics).toEqual(metrics)
  })

  it.skipIf(python === null)(
    "writes all detections as COCO's results, by which pycocotools comes to its twelve numbers",
    async () => {
      const words = ['evaluate', 'model', '--data', 'data', '--split', 'all', '--detections']
      const evaluated = await run([...words, 'results/found.json', '--json'])
      expect(evaluated.exitCode, evaluated.stderr).toBe(0)
      const { metrics, detections } = evaluated.json<Evaluated>()
      expect(detections).toBe('results/found.json')
      const found = JSON.parse(await readFile(path('results', 'found.json'), 'utf8')) as readonly CocoResult[]
      expect(new Set(found.map(({ category_id }) => category_id))).toEqual(new Set([3, 7]))
      expect(found).toHaveLength(100 * pictures)
      const files = [path('data', '_annotations.coco.json'), path('results', 'found.json')]
      const numbers = JSON.parse(await runPython(python!, 'test/detection/coco_numbers.py', files)) as readonly number[]
      for (const [at, name] of twelve.entries()) expect(metrics[name] ?? -1, name).toBeCloseTo(numbers[at]!, 12)
      expect([metrics['mapLarge'], metrics['recallLarge'], numbers[5]]).toEqual([undefined, undefined, -1])
      expect((await run([...words, 'data/found.json'])).stderr).toContain('MNAS_EVALUATE_FILE')
    },
  )

  it('says what it sees in photos, from a score on, and draws it', async () => {
    await mkdir(path('more', '1'), { recursive: true })
    await copyFile(path('data', '2.jpg'), path('more', '1.jpg'))
    await copyFile(path('data', '3.jpg'), path('more', '1', '1-2.jpg'))
    const words = ['predict', 'model', 'data/1.jpg', 'more', '--threshold']
    const answered = await Promise.all(['0', '1'].map((least) => run([...words, least, '--draw', `drawn${least}`, '--json'])))
    const [all, none] = answered.map((ended) => {
      expect(ended.exitCode, ended.stderr).toBe(0)
      return ended.json<Predicted>()
    }) as [Predicted, Predicted]
    for (const { output } of all.predictions) expect(tasks.detection.output.parse(output)).toEqual(output)
    expect(all.predictions.map(({ output }) => output.detections.length > 2)).toEqual([true, true, true])
    expect(none.predictions.map(({ output }) => output.detections)).toEqual([[], [], []])
    const names = ['1.png', '1-2.png', '1-2-2.png']
    expect(all.drawings).toEqual(names.map((name) => join('drawn0', name)))
    const { width, height, format } = await sharp(path('drawn0', '1.png')).metadata()
    expect([width, height, format]).toEqual([87, 69, 'png'])
    expect(await readFile(path('drawn0', '1.png'))).not.toEqual(await readFile(path('drawn1', '1.png')))
  })

  it('does not draw where the photos lie, and tells nothing that a task does not know', async () => {
    const refused = await run(['predict', 'model', 'data/1.jpg', '--draw', 'data'])
    expect(refused.stderr).toContain('MNAS_PREDICT_DRAWINGS')
    expect((await run(['predict', 'model', 'more', '--draw', 'more/drawn'])).stderr).toContain('MNAS_PREDICT_DRAWINGS')
    expect((await run(['predict', 'model', 'data/1.jpg', '--threshold', '2'])).stderr).toContain('MNAS_UNIT')
  })

  it('is deployed with the operator behind it, and the file finds the same', async () => {
    const deployed = await run(['deploy', 'model', '--data', 'data', '--nms', 'fast', '--threshold', '.2', '--json'])
    expect(deployed.exitCode, deployed.stderr).toBe(0)
    const { files, images, deployment } = deployAnswer.parse(deployed.json())
    const { agreement, postProcessing, file } = files[0]!
    const said = { postprocess: 'op', nms: 'fast', threshold: 0.2, maxDetections: 100, iou: 0.6 }
    expect(deployment).toEqual(said)
    expect(JSON.parse(await readFile(path(`${file}.json`), 'utf8'))).toMatchObject({ deployment: said })
    expect(await readFile(path('model', 'exports', 'README.md'), 'utf8')).toContain('### MediaPipe, `ObjectDetector`, Android')
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

  it('is exported with raw outputs, and for browsers with the program that reads them', async () => {
    const exported = async (format: string, ...words: readonly string[]) => {
      const ended = await run(['export', 'model', '--format', format, '--out', 'files', ...words, '--json'])
      expect(ended.exitCode, ended.stderr).toBe(0)
      const { file, deployment } = ended.json<{ file: string; deployment: unknown }>()
      const facts = JSON.parse(await readFile(path(`${file}.json`), 'utf8')) as Facts
      return { file, deployment, outputs: facts.outputs.map(({ name }) => name) }
    }
    const raw = await exported('tflite', '--postprocess', 'none')
    expect([raw.deployment, raw.outputs]).toEqual([{ postprocess: 'none' }, ['boxes', 'scores']])
    const { file, deployment, outputs } = await exported('tfjs', '--max-detections', '7')
    expect([deployment, outputs]).toMatchObject([{ postprocess: 'op', maxDetections: 7 }, ['boxes', 'scores']])
    expect(await readFile(path(file, 'postprocess.js'), 'utf8')).toContain('"maxDetections":7')
    const refused = await run(['export', 'model', '--format', 'tflite', '--max-detections', '5000'])
    expect(refused.stderr).toMatch(/MNAS_DEPLOY_OPTION: .*detection.*"maxDetections"/)
  })
})
