import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Graph, Tensors } from '@mnas/core/contracts'
import { hashBytes } from '@mnas/core/files'
import { interpret } from '@mnas/core/testing'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AnnotatedExample } from '#internal/data/annotated-data.js'
import { workload } from '#internal/deployment/workload.js'
import { HeldOutLoss } from '#internal/held-out-loss.js'
import { detectionObjective } from '#internal/objective/detection-objective.js'
import { cutCrops } from '#internal/proxies/cut-crops.js'
import { earlyQuality } from '#internal/proxies/early-quality.js'
import { planCrops } from '#internal/proxies/plan-crops.js'
import { drawnSquares } from './support/drawn-squares.js'

const boxOf = (x: number, y: number, width: number, height: number, more = {}) => ({
  ...{ label: 0, box: { x, y, width, height }, crowd: false, difficult: false, area: width * height, id: 1 },
  ...more,
})
const plan = (...boxes: AnnotatedExample['boxes']) => planCrops({ id: 1, size: { width: 200, height: 100 }, boxes })
const objects = (planned: ReturnType<typeof planCrops>) => planned.crops.filter(({ label }) => label !== null)

describe('crops', () => {
  it('are squares with some of what is around, moved into the picture where they fit', () => {
    expect(objects(plan(boxOf(50, 30, 40, 20)))).toEqual([{ label: 0, left: 46, top: 16, side: 48 }])
    expect(objects(plan(boxOf(0, 80, 20, 20)))).toEqual([{ label: 0, left: 0, top: 76, side: 24 }])
    expect(objects(plan(boxOf(0, 0, 200, 100)))).toEqual([{ label: 0, left: -20, top: -70, side: 240 }])
  })

  it('leave out and count what is too small, a crowd or difficult', () => {
    const { tooSmall, unclear, crops } = plan(
      ...[
        boxOf(0, 0, 11, 11),
        boxOf(0, 0, 12, 3),
        boxOf(20, 20, 30, 30, { crowd: true }),
        boxOf(90, 9, 50, 50, { difficult: true }),
      ],
    )
    expect({ tooSmall, unclear }).toEqual({ tooSmall: 1, unclear: 2 })
    expect(crops.filter(({ label }) => label !== null)).toHaveLength(1)
  })

  it('take ground where there is no object, and none where there is no room', () => {
    expect(plan().crops).toMatchObject([{ label: null }])
    expect(plan(boxOf(0, 0, 200, 100)).crops).toHaveLength(1)
  })
})

describe('crops of pictures', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mnas-crops-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const bytesBelow = async (place: string) => {
    const names = (await readdir(place, { recursive: true })).filter((name) => name.endsWith('.png')).sort()
    return Promise.all(names.map(async (name) => `${name} ${hashBytes(await readFile(join(place, name)))}`))
  }

  it('are an image folder, made once and the same each time', async () => {
    const data = await drawnSquares(folder)
    const fingerprint = 'a'.repeat(64)
    const options = (cache: string) => ({ folder, cacheFolder: join(folder, cache), cacheLimitBytes: 0 })
    const made = await cutCrops(data, fingerprint, options('one'))
    const pictures = made.place.folder
    expect((await readdir(join(pictures, 'train'))).sort()).toEqual(['000-red', '001-blue', 'ground'])
    expect(made.notes[0]).toMatch(/^\d+ objects and \d+ pieces of ground/)
    const [red] = await readdir(join(pictures, 'train', '000-red'))
    const { data: pixels, info } = await sharp(join(pictures, 'train', '000-red', red!))
      .raw()
      .toBuffer({ resolveWithObject: true })
    const middle = 3 * (info.width * Math.floor(info.height / 2) + Math.floor(info.width / 2))
    expect([...pixels.subarray(middle, middle + 3)].map((value) => value > 128)).toEqual([true, false, false])

    expect(await cutCrops(data, fingerprint, { ...options('one'), signal: AbortSignal.abort() })).toEqual(made)
    const again = await cutCrops(data, fingerprint, options('two'))
    expect(await bytesBelow(again.place.folder)).toEqual(await bytesBelow(pictures))
  })

  it('are not there at all when making them was stopped', async () => {
    const data = await drawnSquares(folder)
    const options = { folder, cacheFolder: join(folder, 'stopped'), cacheLimitBytes: 0, signal: AbortSignal.abort() }
    await expect(cutCrops(data, 'b'.repeat(64), options)).rejects.toMatchObject({ name: 'AbortError' })
    expect((await readdir(join(folder, 'stopped', 'crops'))).filter((name) => !name.endsWith('.tmp'))).toEqual([])
  })
})

describe('the quality of a detector that has just begun', () => {
  it('is map50 where that says something, else less than that and in the order of the losses', () => {
    expect(earlyQuality({ map50: 0.4, loss: 9 })).toBe(0.4)
    expect(earlyQuality({ map50: 0.05, loss: 0 })).toBe(0.05)
    const [good, bad, worse] = [1, 4, 90].map((loss) => earlyQuality({ map50: 0.01, loss }))
    expect(good!).toBeGreaterThan(bad!)
    expect(bad!).toBeGreaterThan(worse!)
    expect(worse!).toBeGreaterThan(0)
    expect(earlyQuality({ map50: 0 })).toBe(0)
  })

  it('goes by the loss that multibox trains with', () => {
    const [batch, anchors, columns] = [3, 40, 4]
    const spec = (...shape: readonly number[]) => ({ shape, dtype: 'float32', batched: true }) as const
    const model: Graph = {
      inputs: { scores: spec(anchors, columns), boxes: spec(anchors, 4) },
      nodes: [],
      outputs: { scores: 'scores', boxes: 'boxes' },
    }
    const random = (name: string, ...shape: readonly number[]) => ({ [name]: normal(name, [batch, ...shape]) })
    const outputs: Tensors = { ...random('scores', anchors, columns), ...random('boxes', anchors, 4) }
    const classes = outputs['scores']!.data.filter((_, at) => at % columns === 0)
    const targets: Tensors = {
      targetClass: { dtype: 'float32', shape: [batch, anchors], data: Float32Array.from(classes, (x) => (x > 1 ? 2 : 0)) },
      ...random('targetBox', anchors, 4),
      weight: { dtype: 'float32', shape: [batch], data: new Float32Array(batch).fill(1) },
    }
    const graph = detectionObjective(model, { kind: 'multibox' })
    const expected = interpret(graph, { inputs: { ...outputs, ...targets }, weights: {}, mode: 'training' }).outputs['loss']!
    const loss = new HeldOutLoss()
    loss.add({ examples: [0, 1, 2], inputs: targets }, outputs)
    expect(loss.result()).toBeCloseTo(expected.data[0]!, 5)
    expect(new HeldOutLoss().result()).toBeUndefined()
  })
})

/** Values that the operator is timed on, of any name. */
function normal(name: string, shape: readonly number[]) {
  const count = shape.reduce((product, side) => product * side, 1)
  return { dtype: 'float32', shape, data: workload.draw(name === 'scores' ? 'boxes' : name, count) } as const
}

it('is timed on the scores that it states', () => {
  const scores = workload.draw('scores', 100_000)
  expect(workload.draw('scores', 100_000)).toEqual(scores)
  expect(scores.filter((score) => score > 0.05).length / scores.length).toBeCloseTo(0.0853, 2)
})
