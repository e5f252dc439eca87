import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AskedFile, Frame } from '@mnas/core/contracts'
import { testSurroundings } from '@mnas/core/testing'
import detection from '@mnas/plugin-detection'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { answersOf } from '../../packages/tflite/test/support/calibration.js'
import { testedRuntimes } from '../../packages/tflite/test/support/runtimes.js'
import { mnas } from '../support/mnas.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { tinyNetwork } from '../support/tiny-network.js'
import { type Square, shown, squares, turnedPictures, writeUpright } from './turned-pictures.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const path = (...names: string[]) => join(folder.path, ...names)
const run = async <T>(...words: readonly string[]): Promise<T> => {
  const ended = await mnas([...words, '--json'], { cwd: folder.path, env: { MNAS_CACHE_FOLDER: path('cache') } })
  expect(ended.exitCode, ended.stderr).toBe(0)
  return ended.json<T>()
}

const size = 48
const [down, expansion] = [
  { repeats: 1, kernel: 3, stride: 2 },
  { expansion: 3, skip: 'identity' },
] as const
/** Two maps, of 6 × 6 and 3 × 3. */
const network = {
  ...tinyNetwork,
  input: { size },
  blocks: [
    { op: 'separable', ...down, filters: 8, skip: 'none' },
    { op: 'mbconv', ...down, ...expansion, filters: 16 },
    { op: 'mbconv', ...down, ...expansion, filters: 24 },
  ],
  task: { name: 'detection', options: { classes: 1, maps: 2, extras: [] } },
}
/** Until eight pictures are learnt by heart, in seconds. */
const recipe = {
  extends: 'quick',
  ...{ epochs: 70, batchSize: 8, evaluateEveryEpochs: 0, batchNormMomentum: 0.9, average: null },
  learningRate: { base: 0.3, schedule: 'cosine', warmupEpochs: 2 },
  augmentation: { flip: false, crop: null, colorJitter: null },
}

beforeAll(async () => {
  folder = await temporaryFolder('turned')
  await turnedPictures(path('data'))
  await writeUpright(path('upright.png'), squares[0]!)
  await writeFile(path('network.json'), JSON.stringify(network))
  await writeFile(path('recipe.json'), JSON.stringify(recipe))
})
afterAll(() => folder.remove())

type Box = readonly [x: number, y: number, width: number, height: number]

interface Predicted {
  readonly predictions: readonly {
    readonly image: string
    readonly output: { readonly detections: readonly { readonly box: Record<'x' | 'y' | 'width' | 'height', number> }[] }
  }[]
  readonly drawings: readonly string[]
}

function overlap([x, y, width, height]: Box, { x: left, y: top, side }: Square): number {
  const across = Math.min(x + width, left + side) - Math.max(x, left)
  const both = Math.min(y + height, top + side) - Math.max(y, top)
  const shared = Math.max(0, across) * Math.max(0, both)
  return shared / (width * height + side * side - shared)
}

function expectSame(found: Box, expected: Box): void {
  for (const [at, value] of found.entries())
    expect(Math.abs(value - expected[at]!), `${found} ${expected}`).toBeLessThanOrEqual(1)
}

/** The best box of each picture, as `predict` says it, and what it has drawn. */
async function predicted(model: string, ...images: readonly string[]) {
  const { predictions, drawings } = await run<Predicted>(
    'predict',
    model,
    ...images,
    '--threshold',
    '.3',
    '--draw',
    `drawn-${model}`,
  )
  const boxes = predictions.map(({ output }): Box => {
    const { x, y, width, height } = output.detections[0]!.box
    return [x, y, width, height]
  })
  return { boxes, drawings }
}

/** The best box of each picture in COCO's results. */
async function bestResults(file: string): Promise<readonly Box[]> {
  const results: readonly { image_id: number; score: number; bbox: Box }[] = JSON.parse(await readFile(path(file), 'utf8'))
  const best = (id: number) => results.filter(({ image_id }) => image_id === id).reduce((a, b) => (b.score > a.score ? b : a))
  return squares.map((_, number) => best(number + 1).bbox)
}

/** The first box that a file says, which is its best, in pixels of the photo. */
async function firstOfFile(file: string, model: string): Promise<Box> {
  const facts = JSON.parse(await readFile(path(`${file}.json`), 'utf8')) as Omit<AskedFile, 'path'>
  const bundle = JSON.parse(await readFile(path(model, 'model.json'), 'utf8'))
  const { inputs, frame } = await detection.readInput(path('data', 'val', '0.jpg'), size, bundle.preprocessing)
  const started = (await testedRuntimes())[0]!.create().start!(testSurroundings())
  onTestFinished(() => started.close())
  const [answer] = await answersOf(started, { ...facts, path: path(file) }, [inputs])
  const corners = Object.values(answer!).find(({ shape }) => shape.at(-1) === 4)!
  const [top, left, bottom, right] = corners.data as unknown as readonly [number, number, number, number]
  return inPhoto([left, top, right, bottom], frame)
}

function inPhoto([left, top, right, bottom]: Box, { photo, scale, offset }: Frame): Box {
  const along = (share: number, axis: 0 | 1) => (share * size - offset[axis]) / scale[axis]
  const within = (value: number, side: number) => Math.min(side, Math.max(0, value))
  const [x0, x1] = [left, right].map((share) => within(along(share, 0), photo.width)) as [number, number]
  const [y0, y1] = [top, bottom].map((share) => within(along(share, 1), photo.height)) as [number, number]
  return [x0, y0, x1 - x0, y1 - y0]
}

/** Sees the frame's yellow beside the middle of each side of a square, and red within. Thin lines are mixed with their dark edge. */
async function expectDrawn(file: string, { x, y, side }: Square): Promise<void> {
  const { data, info } = await sharp(path(file)).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  expect([info.width, info.height]).toEqual([shown.width, shown.height])
  const colour = (across: number, along: number) => [...data.subarray(3 * (along * shown.width + across)).subarray(0, 3)]
  const isYellow = ([red, green, blue]: readonly number[]) => red! > 60 && green! > 0.4 * red! && green! > 2.5 * blue!
  const near = [-2, -1, 0, 1].map((by) => ({ before: by, behind: by + side }))
  const middle = Math.round(side / 2)
  const sides = {
    left: near.map(({ before }) => colour(x + before, y + middle)),
    right: near.map(({ behind }) => colour(x + behind, y + middle)),
    top: near.map(({ before }) => colour(x + middle, y + before)),
    bottom: near.map(({ behind }) => colour(x + middle, y + behind)),
  }
  for (const [name, colours] of Object.entries(sides)) expect(colours.some(isYellow), `${name}: ${colours.join(' ')}`).toBe(true)
  const [red, green, blue] = colour(x + middle, y + middle)
  expect(red! > 200 && green! < 60 && blue! < 60).toBe(true)
}

describe.each(['stretch', 'letterbox'] as const)('a square in pictures that EXIF turns (%s)', (fit) => {
  const model = `model-${fit}`
  let boxes: readonly Box[]
  let drawings: readonly string[]

  beforeAll(async () => {
    const how = ['--data', 'data', '--recipe', 'recipe.json', '--fit', fit, '--threads', '1', '--workers', '0', '--out', model]
    expect(await run('train', 'network.json', ...how)).toMatchObject({ metrics: { map50: 1 } })
    ;({ boxes, drawings } = await predicted(model, 'data/val', 'upright.png'))
  })

  it('is said and drawn where people see it, as in a picture that is not turned', async () => {
    for (const [number, square] of squares.entries()) expect(overlap(boxes[number]!, square)).toBeGreaterThan(0.5)
    expectSame(boxes.at(-1)!, boxes[0]!)
    expect(drawings).toHaveLength(squares.length + 1)
    await expectDrawn(drawings[7]!, squares[7]!)
  })

  it('is counted as found in an evaluation, of a test part too, and written down', async () => {
    const evaluate = (...words: readonly string[]) => run('evaluate', model, '--data', 'data', '--threads', '1', ...words)
    const found = { images: squares.length, metrics: { map50: 1, objects: squares.length } }
    expect(await evaluate('--detections', `${fit}.json`)).toMatchObject({ split: 'validation', ...found })
    for (const [number, box] of (await bestResults(`${fit}.json`)).entries()) expectSame(box, boxes[number]!)
    expect(await evaluate('--split', 'test')).toMatchObject({ split: 'test', ...found })
  })

  it('is found by the file', async () => {
    const { file } = await run<{ file: string }>('export', model, '--format', 'tflite', '--out', `files-${fit}`)
    expectSame(await firstOfFile(file, model), boxes[0]!)
  })
})

it('is not learnt from pictures whose edges are cut off', async () => {
  const words = ['train', 'network.json', '--data', 'data', '--fit', 'crop', '--out', 'cropped']
  const { exitCode, stderr } = await mnas(words, { cwd: folder.path })
  expect([exitCode, stderr]).toEqual([
    2,
    expect.stringMatching(/MNAS_TRAIN_FIT: .*Expected stretch or letterbox, received "crop"/),
  ])
})
