import { join } from 'node:path'
import type { Batch, BatchPlan, Dataset, JsonObject, OpenOptions } from '@mnas/core/contracts'
import { hashBytes } from '@mnas/core/files'
import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, it, onTestFinished } from 'vitest'
import { boxesInPlace, placeView } from '#internal/batches/placed-view.js'
import { truthOf } from '#internal/batches/truth.js'
import { decodeBoxes } from '#internal/boxes/box-coder.js'
import type { AnnotatedData } from '#internal/data/annotated-data.js'
import { openExamples } from '#internal/open-examples.js'
import { recipes } from '#internal/recipes.js'
import { anchorsOf } from '#internal/targets/targets-of.js'
import { temporaryFolder } from '../../images/test/support/pictures.js'
import { drawnSquares } from './support/drawn-squares.js'

const inputSize = 64
const targets = {
  inputSize,
  maps: [
    [8, 8],
    [4, 4],
    [2, 2],
  ],
  anchors: {},
} as unknown as JsonObject
const training: BatchPlan = {
  ...{ split: 'train', batchSize: 3, inputSize, seed: 7, targets, training: true, decoding: 'fast' },
  augmentation: { ...recipes.quick.augmentation, expand: { chance: 0.3, largest: 2 } } as unknown as JsonObject,
}
const evaluation: BatchPlan = { ...training, split: 'validation', augmentation: {}, training: false, decoding: 'exact' }
const never = new AbortController().signal

async function open(data: AnnotatedData, folder: string, options: Partial<OpenOptions> = {}): Promise<Dataset> {
  const dataset = await openExamples(data, { cacheFolder: await temporaryFolder(), cacheLimitBytes: 1e9, ...options, folder })
  onTestFinished(() => dataset.close())
  return dataset
}

async function take(dataset: Dataset, plan: BatchPlan, count: number, workers = 0): Promise<readonly Batch[]> {
  const taken: Batch[] = []
  for await (const batch of dataset.batches(plan, { epoch: 0, index: 0 }, workers, never)) {
    taken.push(batch)
    if (taken.length === count) break
  }
  return taken
}

const digest = (batches: readonly Batch[]) =>
  batches.map(({ position, examples, inputs, truth }) => [
    JSON.stringify([position, examples, truth ?? null]),
    ...Object.entries(inputs).map(([name, { data, shape }]) => {
      return `${name} ${shape.join()} ${hashBytes(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))}`
    }),
  ])

/** The boxes that the anchors of a row are to find, each once, as pixels of the input. */
function boxesOf({ inputs }: Batch, row: number): readonly (readonly number[])[] {
  const { anchors } = anchorsOf(targets)
  const count = anchors.length / 4
  const classes = inputs['targetClass']!.data.slice(row * count, (row + 1) * count)
  const boxes = decodeBoxes([...inputs['targetBox']!.data.slice(4 * row * count, 4 * (row + 1) * count)], anchors)
  const found = new Map<string, readonly number[]>()
  for (const [anchor, own] of classes.entries()) {
    if (own === 0) continue
    const box = [...boxes.subarray(4 * anchor, 4 * anchor + 4)].map((side) => Math.round(side * inputSize * 10) / 10)
    found.set(`${own} ${box.map(Math.round).join()}`, [own - 1, ...box])
  }
  return [...found.values()]
}

/** Whether most of a box shows the colour of its label, and what is just outside does not. */
function showsSquare({ inputs }: Batch, row: number, [label, top, left, bottom, right]: readonly number[]): boolean {
  const { data } = inputs['image']!
  const pixel = (y: number, x: number) => {
    const at = 3 * (row * inputSize * inputSize + Math.round(y) * inputSize + Math.round(x))
    return [data[at]!, data[at + 1]!, data[at + 2]!]
  }
  const isOwn = ([red, , blue]: readonly number[]) => (label === 0 ? red! - blue! : blue! - red!) > 0.6
  return (
    isOwn(pixel((top! + bottom!) / 2, (left! + right!) / 2)) &&
    isOwn(pixel(top! + 2, left! + 2)) &&
    isOwn(pixel(bottom! - 3, right! - 3))
  )
}

describe('photos that several parts have', () => {
  it('are warned of, and so is what two parts say differently of one', async () => {
    const folder = await temporaryFolder()
    const data = await drawnSquares(folder)
    const { train, validation } = data.splits
    const [learnt, changed] = [train[0]!, { ...train[1]!, boxes: train[1]!.boxes.slice(1) }]
    const leaking = { ...data, splits: { ...data.splits, validation: [...validation, learnt, changed] } }
    const { warnings } = await open(leaking, folder)
    expect(warnings).toContain('2 of 5 validation images are copies of training images: accuracy on them is too high')
    expect(warnings!.filter((warning) => warning.includes('other boxes in another part'))).toHaveLength(1)
    expect((await open(data, folder)).warnings).toEqual([])
  })
})

describe('batches of detection', () => {
  it('are the same bits with any number of threads, with and without a cache', async () => {
    const folder = await temporaryFolder()
    const data = await drawnSquares(folder)
    const cached = await open(data, folder)
    const streamed = await open(data, folder, { cacheLimitBytes: 0 })
    expect(streamed.fingerprint).toBe(cached.fingerprint)
    for (const [plan, count] of [
      [training, 5],
      [evaluation, 1],
    ] as const) {
      const expected = digest(await take(cached, plan, count))
      for (const [dataset, workers] of [
        [cached, 1],
        [cached, 3],
        [streamed, 0],
        [streamed, 3],
      ] as const)
        expect(digest(await take(dataset, plan, count, workers))).toEqual(expected)
    }
  }, 60_000)

  it('show each square where its box is, however they were changed', async () => {
    const folder = await temporaryFolder()
    const dataset = await open(await drawnSquares(folder), folder)
    let seen = 0
    for (const batch of await take(dataset, training, 20)) {
      for (const row of batch.examples.keys()) {
        for (const box of boxesOf(batch, row)) {
          if (box[3]! - box[1]! < 8 || box[4]! - box[2]! < 8) continue
          expect(showsSquare(batch, row, box), `${batch.position.epoch} ${row}: ${box.join()}`).toBe(true)
          seen++
        }
      }
    }
    expect(seen).toBeGreaterThan(40)
  })

  it.each([[{ kind: 'stretch' }], [{ kind: 'letterbox', fill: [114, 114, 114] }]] as const)(
    'of an evaluation say what is true, with the way back to the photo (%j)',
    async (fit) => {
      const folder = await temporaryFolder()
      const data = await drawnSquares(folder)
      const preprocessing = { fit, mean: [127.5, 127.5, 127.5], std: [127.5, 127.5, 127.5], exif: 'applied' } as const
      const dataset = await open(data, folder, { preprocessing })
      const [batch] = await take(dataset, { ...evaluation, batchSize: 4 }, 1)
      expect(batch!.truth!.map((row) => row === null)).toEqual([false, false, false, true])
      for (const [row, example] of data.splits.validation.entries()) {
        const { id, frame, boxes } = truthOf(batch!.truth![row]!)
        expect([id, frame.photo, boxes.length]).toEqual([example.id, example.size, example.boxes.length])
        for (const [own, top, left, bottom, right] of boxesOf(batch!, row)) {
          expect(showsSquare(batch!, row, [own!, top!, left!, bottom!, right!])).toBe(true)
          const back = (value: number, axis: 0 | 1) => (value - frame.offset[axis]) / frame.scale[axis]
          const apart = boxes.map(({ box: [x, y, width, height] }) =>
            Math.max(
              ...[back(left!, 0) - x, back(top!, 1) - y, back(right!, 0) - x - width, back(bottom!, 1) - y - height].map(
                Math.abs,
              ),
            ),
          )
          expect(Math.min(...apart)).toBeLessThanOrEqual(1)
        }
      }
    },
  )

  it('keep the box on its square when the photo is turned', async () => {
    const folder = await temporaryFolder()
    const file = join(folder, 'turned.jpg')
    // Stored 60 × 90, shown 90 × 60 (EXIF 6): the square at (10, 60) of the stored picture is shown at (90 − 60 − 20, 10) turned.
    await sharp({ create: { width: 60, height: 90, channels: 3, background: '#808080' } })
      .composite([{ input: { create: { width: 20, height: 20, channels: 3, background: '#e01010' } }, left: 10, top: 60 }])
      .withMetadata({ orientation: 6 })
      .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
      .toFile(file)
    const box = { x: 90 - 60 - 20, y: 10, width: 20, height: 20 }
    const truth = { label: 0, box, crowd: false, difficult: false, area: 400, id: 1 }
    const example = { file, id: 1, size: { width: 90, height: 60 }, boxes: [truth] }
    const splits = { train: [example], heldOut: [example], validation: [example], test: [] }
    const data = { ...(await drawnSquares(folder)), labels: ['red'], labelIds: [0], splits }
    const dataset = await open(data, folder)
    for (const plan of [evaluation, { ...evaluation, decoding: 'fast' }] as const) {
      const [batch] = await take(dataset, plan, 1)
      const [found] = boxesOf(batch!, 0)
      expect(found).toBeDefined()
      expect(showsSquare(batch!, 0, found!)).toBe(true)
    }
  })
})

describe('a view in its place', () => {
  it('of a whole picture moves no box under a stretch, and puts it into the middle under a letterbox', () => {
    const whole = { left: 0, top: 0, width: 1, height: 1, mirrored: false, covers: 0 }
    const all = { boxes: Float64Array.of(0.25, 0, 0.75, 0.5), labels: Int32Array.of(3) }
    const boxesOfFit = (fit: Parameters<typeof placeView>[4]) => {
      const placed = placeView({ width: 40, height: 20 }, { width: 400, height: 200 }, whole, 32, fit)
      return [...boxesInPlace(all, placed, 32).boxes]
    }
    expect(boxesOfFit({ kind: 'stretch' })).toEqual([0.25, 0, 0.75, 0.5])
    expect(boxesOfFit({ kind: 'letterbox', fill: [0, 0, 0] })).toEqual([0.375, 0, 0.625, 0.5])
  })

  it('lies in the input, and takes its pixels from the image', () => {
    const share = fc.double({ min: -1, max: 1, noNaN: true })
    const side = fc.double({ min: 0.05, max: 3, noNaN: true })
    const pixels = fc.record({ width: fc.integer({ min: 1, max: 90 }), height: fc.integer({ min: 1, max: 90 }) })
    fc.assert(
      fc.property(
        pixels,
        share,
        share,
        side,
        side,
        fc.boolean(),
        fc.boolean(),
        (stored, x, y, width, height, mirrored, boxed) => {
          const part = (at: number, length: number) => (1 - length) * Math.abs(at)
          const view = { left: part(x, width), top: part(y, height), width, height, mirrored, covers: 0 }
          const fit = boxed ? ({ kind: 'letterbox', fill: [0, 0, 0] } as const) : ({ kind: 'stretch' } as const)
          const { from, at, room } = placeView(stored, stored, view, 24, fit)
          expect(
            Math.min(from.left, from.top, stored.width - from.left - from.width, stored.height - from.top - from.height),
          ).toBeGreaterThanOrEqual(0)
          expect(Math.min(from.width, from.height, at.width, at.height)).toBeGreaterThanOrEqual(1)
          const right = room.left + room.width - at.left - at.width
          const below = room.top + room.height - at.top - at.height
          expect(Math.min(at.left - room.left, at.top - room.top, right, below)).toBeGreaterThanOrEqual(0)
        },
      ),
    )
  })
})
