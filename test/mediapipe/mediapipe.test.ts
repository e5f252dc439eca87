import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FileTensor, Tensor } from '@mnas/core/contracts'
import { type DeployableModel, loadModel } from '@mnas/core/deployment'
import { testSurroundings } from '@mnas/core/testing'
import { withInference } from '@mnas/core/training'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { workspaceRegistry } from '../device/workspace-registry.js'
import { mnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { best, type Category, classify, mediapipePython } from '../support/python/mediapipe.js'
import { runPython, testPython } from '../support/python/python.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { writeTinyNetwork } from '../support/tiny-network.js'

/** A client that nobody here wrote opens what `mnas export` writes, finds its classes and says what the engine says. */
const mediapipe = mediapipePython()
if (mediapipe === null) console.warn('Skipped: MediaPipe’s ImageClassifier. Set MNAS_MEDIAPIPE_PYTHON (.ci/mediapipe makes it)')
const python = testPython()

interface Kind {
  readonly name: string
  /** Where `mnas deploy` puts the file, and what its name ends in. */
  readonly folder: 'exports' | 'bytes'
  readonly ending: string
}

/** The files of floats, which say what the engine says whatever the network is. */
const floats: readonly Kind[] = [
  { name: 'float32', folder: 'exports', ending: 'px.tflite' },
  { name: 'float16', folder: 'exports', ending: '-f16.tflite' },
]

/** The others that this client takes; int8 at its edges it refuses. What they say depends on how well the network stands its rounding. */
const rounded: readonly Kind[] = [
  { name: 'weights', folder: 'exports', ending: '-w8.tflite' },
  { name: 'dynamic', folder: 'exports', ending: '-dynamic.tflite' },
  { name: 'int8', folder: 'exports', ending: '-int8.tflite' },
  { name: 'int8 that takes bytes', folder: 'bytes', ending: '-int8.tflite' },
]

/** Of a probability, and of the share of all probability that lies elsewhere: with 1000 classes each alone is small. */
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

const bundled = (bundle: string) => loadModel(registry, { argument: inFolder(bundle), randomWeights: false })

/** Of 48 × 48 pixels. */
const middle = { left: 3, top: 3, width: 42, height: 42 } as const

/** The middle of the drawn pictures of each class, as evaluation cuts it, scaled to a size: PNG files, of which every reader has the same pixels. */
async function picturesOf(width: number, height: number): Promise<readonly string[]> {
  const target = inFolder(`${width}x${height}`)
  await mkdir(target, { recursive: true })
  const pictures = (await readdir(inFolder('pictures', 'val'), { recursive: true })).filter((name) => /\.(jpg|png)$/.test(name))
  const scaled = pictures.sort().map(async (name, index) => {
    const path = join(target, `${index}.png`)
    await sharp(inFolder('pictures', 'val', name))
      .extract(middle)
      .resize(width, height, { fit: 'fill' })
      .png()
      .toFile(path)
    return path
  })
  return Promise.all(scaled)
}

/** The pixels of a picture as the model takes them, cut and scaled by nobody. */
async function asItIs(path: string, { preprocessing: { mean, std } }: DeployableModel): Promise<Tensor> {
  const { data, info } = await sharp(path).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const normalized = Float32Array.from(data, (level, i) => (level - mean[i % 3]!) / std[i % 3]!)
  return { dtype: 'float32', shape: [1, info.height, info.width, 3], data: normalized }
}

/** Probabilities of the engine: a row for each input. */
async function engineAnswers(
  { graph, weights }: DeployableModel,
  inputs: readonly Tensor[],
): Promise<readonly (readonly number[])[]> {
  const engine = await registry.get('engine', 'onnx')
  const plan = await engine.plan({}, graph, 1)
  return withInference(engine, { model: graph, batchSize: 1, plan }, weights, async (session) => {
    const rows: (readonly number[])[] = []
    for (const image of inputs) rows.push(Array.from((await session.run({ image }))['probabilities']!.data))
    return rows
  })
}

/** Writes a bundle's files of all kinds. */
async function deployAll(bundle: string, images: string): Promise<void> {
  const data = ['--data', 'pictures', '--images', '8', '--calibration-images', images, '--max-drop', '1', '--no-layers']
  const deploy = ['deploy', bundle, '--device', 'replay', '--workers', '0', ...data]
  await run(...deploy, '--quantize', 'none,float16,weights,dynamic,int8', '--out', join(bundle, 'exports'))
  await run(...deploy, '--quantize', 'int8', '--io', 'uint8', '--out', join(bundle, 'bytes'))
}

/** Probabilities that a runtime of ours finds in a file, given the pixels of pictures as a client gives them: a row for each. */
async function runtimeAnswers(path: string, pictures: readonly string[]): Promise<readonly (readonly number[])[]> {
  const [around, file] = [testSurroundings(), { path, format: 'tflite' }]
  const native = await registry.get('runtime', 'litert')
  const runtime = 'code' in (await native.available(around)) ? await registry.get('runtime', 'litert-js') : native
  const { inputs, outputs } = await runtime.describe(file, around)
  const { scale, zeroPoint } = outputs[0]!.affine ?? { scale: [1], zeroPoint: [0] }
  async function* images() {
    for (const picture of pictures) yield { image: await asClientGives(picture, inputs[0]!) }
  }
  const rows: (readonly number[])[] = []
  for await (const { probabilities } of runtime.run(file, images(), around))
    rows.push(Array.from(probabilities!.data, (value) => scale[0]! * (value - zeroPoint[0]!)))
  return rows
}

/** Bytes as they are, floats of −1 to 1: all files of these models say so. */
async function asClientGives(picture: string, { shape, dtype }: FileTensor): Promise<Tensor> {
  const data = await sharp(picture).removeAlpha().raw().toBuffer()
  if (dtype === 'uint8') return { dtype, shape, data: Uint8Array.from(data) }
  return { dtype: 'float32', shape, data: Float32Array.from(data, (level) => (level - 127.5) / 127.5) }
}

interface ClientAnswers {
  readonly model: DeployableModel
  readonly images: readonly string[]
  readonly file: string
  readonly said: readonly (readonly Category[])[]
}

/** What the client says of pictures of the input's size, by the kind of file: all files of a bundle by one process of its. */
async function classifyAll(bundle: string): Promise<ReadonlyMap<Kind, ClientAnswers>> {
  const model = await bundled(bundle)
  const { size } = model.architecture.input
  const images = await picturesOf(size, size)
  const kinds = [...floats, ...rounded]
  const files = await Promise.all(
    kinds.map(async ({ folder: place, ending }) =>
      inFolder(bundle, place, (await readdir(inFolder(bundle, place))).find((name) => name.endsWith(ending))!),
    ),
  )
  const said = await classify(
    mediapipe!,
    files.map((file) => ({ file, fraction: 0, images })),
  )
  return new Map(kinds.map((kind, index) => [kind, { model, images, file: files[index]!, said: said[index]! }]))
}

/** Every picture is answered, with every class by its name. */
function expectNames({ model, images, said }: ClientAnswers): void {
  expect(said).toHaveLength(images.length)
  for (const categories of said)
    expect(categories.map(([index, name]) => [index, name])).toEqual(model.labels!.map((label, index) => [index, label]))
}

async function expectEngine({ model, images, said }: ClientAnswers): Promise<void> {
  expectNear(said, await engineAnswers(model, await Promise.all(images.map((path) => asItIs(path, model)))))
}

function expectNear(said: readonly (readonly Category[])[], expected: readonly (readonly number[])[], most = tolerance): void {
  for (const [row, categories] of said.entries()) {
    const errors = categories.map(([index, , score]) => Math.abs(score - expected[row]![index]!))
    expect(Math.max(...errors)).toBeLessThan(most)
    expect(errors.reduce((sum, error) => sum + error, 0) / 2).toBeLessThan(most)
  }
  const distinct = new Set(expected.map((row) => row.map((value) => value.toFixed(3)).join()))
  expect(distinct.size, 'answers that differ from picture to picture').toBeGreaterThan(expected.length / 2)
}

describe.skipIf(mediapipe === null)('MediaPipe’s ImageClassifier', () => {
  beforeAll(async () => {
    folder = await temporaryFolder('mediapipe')
    await smallPictures(inFolder('pictures'), { training: 60, size: 48 })
  })
  afterAll(() => folder.remove())

  describe('and a net that was trained', () => {
    const labels = ['Grünspan, „alt“', '猫', 'twin', 'twin']
    let answered: ReadonlyMap<Kind, ClientAnswers>

    beforeAll(async () => {
      await writeTinyNetwork(inFolder('net.json'))
      const short = ['--epochs', '30', '--batch', '16', '--threads', '1', '--workers', '0']
      await run('train', 'net.json', '--data', 'pictures', ...short, '--out', 'trained')
      await relabel('trained', labels)
      await deployAll('trained', '100')
      answered = await classifyAll('trained')
    }, 300_000)

    it.each([...floats, ...rounded])('$name: opens, names every class, and says what the engine says', async (kind) => {
      const answers = answered.get(kind)!
      expectNames(answers)
      expect(new Set(answers.said.map((categories) => best(categories)[1])).size).toBeGreaterThan(1)
      await expectEngine(answers)
    })

    it('sees what evaluation sees in the region of interest that the README tells', async () => {
      const { file } = await run('export', 'trained', '--format', 'tflite')
      const model = await bundled('trained')
      const { preprocessing, architecture, task } = model
      expect(preprocessing.fit).toMatchObject({ kind: 'crop' })
      const fraction = preprocessing.fit.kind === 'crop' ? preprocessing.fit.fraction : 0
      const readme = await readFile(join(inFolder(file), '..', 'README.md'), 'utf8')
      expect(readme).toContain(`minOf(photo.width, photo.height) * ${fraction}f`)
      const images = await picturesOf(64, 48)
      const read = await Promise.all(images.map((path) => task.readInput(path, architecture.input.size, preprocessing)))
      const expected = await engineAnswers(
        model,
        read.map(({ inputs }) => inputs['image']!),
      )
      const regions = [fraction, 0].map((region) => ({ file: inFolder(file), fraction: region, images }))
      const errorOf = (said: ClientAnswers['said']) => {
        const errors = said.flatMap((row, at) => row.map(([index, , score]) => Math.abs(score - expected[at]![index]!)))
        return errors.reduce((sum, error) => sum + error, 0) / errors.length
      }
      const [region, whole] = (await classify(mediapipe!, regions)).map(errorOf)
      expect(region).toBeLessThan(whole! / 2)
    })

    it('never gets a file of more labels than classes, which it would open and then fail at', async () => {
      await relabel('trained', [...labels, 'fifth'])
      const refused = await mnas(['export', 'trained', '--format', 'tflite', '--json'], { cwd: folder.path })
      expect([refused.exitCode, refused.json()]).toMatchObject([3, { error: { code: 'MNAS_EXPORT_LABELS' } }])
    })
  })

  describe.skipIf(python === null)('and an import from timm, which normalises each channel in its own way', () => {
    const labels = Array.from({ length: 1000 }, (_, index) => (index % 2 === 0 ? `Größe ${index}, «so»` : 'twin'))
    let answered: ReadonlyMap<Kind, ClientAnswers>

    beforeAll(async () => {
      await runPython(python!, 'bench/import/make_weights.py', [inFolder('weights'), 'timm-mnasnet_small'])
      await run('import', inFolder('weights', 'timm-mnasnet_small.safetensors'), '--from', 'timm', '--out', 'imported')
      await relabel('imported', labels)
      await deployAll('imported', '4')
      answered = await classifyAll('imported')
    }, 600_000)

    it('whose bundle says so', async () => {
      const { preprocessing } = JSON.parse(await readFile(inFolder('imported', 'model.json'), 'utf8'))
      expect(new Set(preprocessing.mean).size).toBe(3)
    })

    it.each(floats)('$name: opens, names every class, and says what the engine says', async (kind) => {
      const answers = answered.get(kind)!
      expectNames(answers)
      await expectEngine(answers)
    })

    /** Random weights stand no rounding: what is the client's own is that it finds in the file what we find in it. */
    it.each(rounded)('$name: opens, names every class, and says what the runtime says', async (kind) => {
      const answers = answered.get(kind)!
      expectNames(answers)
      const { said, file, images } = answers
      // Of a dynamic file each runtime brings the values to 8 bits in its own way.
      expectNear(said, await runtimeAnswers(file, images), kind.name === 'dynamic' ? 0.05 : tolerance)
    })
  })
})
