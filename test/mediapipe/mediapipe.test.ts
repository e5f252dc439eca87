import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type DeployableModel, loadModel } from '@mnas/core/deployment'
import { withInference } from '@mnas/core/training'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { workspaceRegistry } from '../device/workspace-registry.js'
import { classify, mediapipePython } from '../support/mediapipe.js'
import { mnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { runPython, testPython } from '../support/python.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { writeTinyNetwork } from '../support/tiny-network.js'

/** A client that nobody here wrote opens what `mnas export` writes, finds its classes and says what the engine says. */
const mediapipe = mediapipePython()
if (mediapipe === null) console.warn('Skipped: MediaPipe’s ImageClassifier. Set MNAS_MEDIAPIPE_PYTHON (.ci/mediapipe makes it)')
const python = testPython()

/** The kinds of file that this client takes: what `mnas export` is told for each. */
const kinds: readonly { readonly name: string; readonly flags: readonly string[] }[] = [{ name: 'float32', flags: [] }]

/** Of probabilities, between client and engine. */
const tolerance = 0.02

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const registry = workspaceRegistry()
const inFolder = (...path: readonly string[]) => join(folder.path, ...path)

const run = async (...args: readonly string[]) => {
  const ended = await mnas([...args, '--json'], { cwd: folder.path, env: { MNAS_CACHE_FOLDER: inFolder('cache') } })
  expect(ended.exitCode, ended.stdout + ended.stderr).toBe(0)
  return ended.json<{ readonly file: string }>()
}

/** Labels of a bundle as somebody wrote them: letters of elsewhere, a comma, a quotation mark, two alike. */
async function relabel(bundle: string, labels: readonly string[]): Promise<void> {
  const path = inFolder(bundle, 'model.json')
  await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), labels }))
}

/** Pixels of pictures, scaled to a side: [n, side, side, 3] bytes. */
async function pixelsOf(pictures: readonly string[], side: number): Promise<Uint8Array> {
  const pixels = pictures.map((path) => sharp(path).resize(side, side, { fit: 'fill' }).removeAlpha().raw().toBuffer())
  return Buffer.concat(await Promise.all(pixels))
}

/** What the engine says of the same pixels, normalised as the model takes them: a row for each picture. */
async function engineAnswers(model: DeployableModel, pixels: Uint8Array): Promise<readonly (readonly number[])[]> {
  const { graph, weights, preprocessing, architecture } = model
  const { size } = architecture.input
  const batchSize = pixels.length / (3 * size ** 2)
  const { mean, std } = preprocessing
  const data = Float32Array.from(pixels, (level, i) => (level - mean[i % 3]!) / std[i % 3]!)
  const engine = await registry.get('engine', 'onnx')
  const plan = await engine.plan({}, graph, batchSize)
  const image = { dtype: 'float32', shape: [batchSize, size, size, 3], data } as const
  const answers = await withInference(engine, { model: graph, batchSize, plan }, weights, (session) => session.run({ image }))
  const { data: all } = answers['probabilities']!
  const classes = all.length / batchSize
  return Array.from({ length: batchSize }, (_, row) => Array.from(all.slice(row * classes, (row + 1) * classes)))
}

/** Exports a bundle and compares what the client says of pictures with labels and engine. @returns the client's names of the best */
async function compare(bundle: string, flags: readonly string[]): Promise<readonly string[]> {
  const { file } = await run('export', bundle, '--format', 'tflite', ...flags)
  const model = await loadModel(registry, { argument: inFolder(bundle), randomWeights: false })
  const side = model.architecture.input.size
  const places = (await readdir(inFolder('pictures', 'val'))).map((label) => inFolder('pictures', 'val', label))
  const paths = await Promise.all(
    places.map(async (place) => (await readdir(place)).slice(0, 2).map((name) => join(place, name))),
  )
  const pixels = await pixelsOf(paths.flat(), side)
  const pictures = inFolder('pixels')
  await writeFile(pictures, pixels)
  const said = await classify(mediapipe!, { file: inFolder(file), side, pictures })
  const expected = await engineAnswers(model, pixels)
  expect(said).toHaveLength(expected.length)
  for (const [row, categories] of said.entries()) {
    expect(categories.map(([index, name]) => [index, name])).toEqual(model.labels!.map((label, index) => [index, label]))
    const errors = categories.map(([index, , score]) => Math.abs(score - expected[row]![index]!))
    expect(Math.max(...errors)).toBeLessThan(tolerance)
  }
  const distinct = new Set(expected.map((row) => row.map((value) => value.toFixed(3)).join()))
  expect(distinct.size, 'answers that differ from picture to picture').toBeGreaterThan(expected.length / 2)
  return said.map((categories) => [...categories].sort((a, b) => b[2] - a[2])[0]![1])
}

describe.skipIf(mediapipe === null)('MediaPipe’s ImageClassifier', () => {
  beforeAll(async () => {
    folder = await temporaryFolder('mediapipe')
    await smallPictures(inFolder('pictures'), { training: 40, size: 48 })
  })
  afterAll(() => folder.remove())

  describe('and a net that was trained', () => {
    const labels = ['Grünspan, „alt“', '猫', 'twin', 'twin']

    beforeAll(async () => {
      await writeTinyNetwork(inFolder('net.json'))
      const short = ['--epochs', '20', '--batch', '16', '--threads', '1', '--workers', '0']
      await run('train', 'net.json', '--data', 'pictures', ...short, '--out', 'trained')
      await relabel('trained', labels)
    }, 120_000)

    it.each(kinds)('$name: opens, names every class, and says what the engine says', async ({ flags }) => {
      const best = await compare('trained', flags)
      expect(new Set(best).size).toBeGreaterThan(1)
    })

    it('never gets a file of more labels than classes, which it would open and then fail at', async () => {
      await relabel('trained', [...labels, 'fifth'])
      const refused = await mnas(['export', 'trained', '--format', 'tflite', '--json'], { cwd: folder.path })
      expect([refused.exitCode, refused.json()]).toMatchObject([3, { error: { code: 'MNAS_EXPORT_LABELS' } }])
    })
  })

  describe.skipIf(python === null)('and an import from timm, which normalises each channel in its own way', () => {
    const labels = Array.from({ length: 1000 }, (_, index) => (index % 2 === 0 ? `Größe ${index}, «so»` : 'twin'))

    beforeAll(async () => {
      await runPython(python!, 'bench/import/make_weights.py', [inFolder('weights'), 'timm-mnasnet_small'])
      await run('import', inFolder('weights', 'timm-mnasnet_small.safetensors'), '--from', 'timm', '--out', 'imported')
      await relabel('imported', labels)
    }, 300_000)

    it.each(kinds)('$name: opens, names every class, and says what the engine says', async ({ flags }) => {
      await compare('imported', flags)
      const { preprocessing } = JSON.parse(await readFile(inFolder('imported', 'model.json'), 'utf8'))
      expect(new Set(preprocessing.mean).size).toBe(3)
    })
  })
})
