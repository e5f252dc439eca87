import { join } from 'node:path'
import type { Tensors } from '@mnas/core/contracts'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { tasks } from '#internal/answers/index.js'
import { toJson } from '#internal/batches/truth.js'
import { compareDetections } from '#internal/detections/compare-detections.js'
import { inPhoto } from '#internal/detections/photo-detections.js'
import type { Detections } from '#internal/detections/suppression.js'
import { drawBoxes } from '#internal/draw.js'
import { cocoResults, type FoundInPhoto, type Origin } from '#internal/evaluation/coco-results.js'
import detection from '#internal/index.js'
import { temporaryFolder } from '../../images/test/support/pictures.js'

const targets = {
  inputSize: 100,
  maps: [
    [1, 1],
    [1, 1],
  ],
  anchors: {},
}
const options = { classes: 2, maps: 2 }
const frame = { photo: { width: 200, height: 50 }, scale: [0.5, 2], offset: [0, 0] } as const
const anchors = 12

/** Anchor 0 stands in the middle, a tenth of the side wide and high; it says `label`, all others nothing. */
function answer(label: number, logit: number): Tensors {
  const scores = new Float32Array(anchors * 3).fill(-20)
  scores[1 + label] = logit
  const boxes = new Float32Array(anchors * 4)
  return {
    boxes: { dtype: 'float32', shape: [1, anchors, 4], data: boxes },
    scores: { dtype: 'float32', shape: [1, anchors, 3], data: scores },
  }
}
const probable = ({ scores, boxes }: Tensors): Tensors => ({
  boxes: boxes!,
  scores: { ...scores!, data: Float32Array.from(scores!.data, (x) => 1 / (1 + Math.exp(-x))) } as Tensors[string],
})

const box = [90, 22.5, 20, 5] as const
const truth = toJson({ id: 1, frame, boxes: [{ label: 1, box, area: 100, crowd: false }] })
const batch = { position: { epoch: 0, index: 0 }, inputs: {}, examples: [0], truth: [truth] }

describe('answers of a detector', () => {
  it('are in pixels of the photo', () => {
    const output = detection.describeOutput(probable(answer(1, 3)), { labels: ['cat', 'dog'], frame, targets })
    expect(tasks.detection.output.parse(output)).toEqual(output)
    expect(output).toEqual({
      detections: [
        {
          label: 'dog',
          score: expect.closeTo(0.9526, 4),
          box: {
            x: expect.closeTo(90, 4),
            y: expect.closeTo(22.5, 4),
            width: expect.closeTo(20, 4),
            height: expect.closeTo(5, 4),
          },
        },
      ],
    })
    expect(detection.formatOutput(output, 3)).toMatch(/^dog 95\.3 % at 90, 2[23] \(20 × 5\)$/)
    const nothing = detection.describeOutput(probable(answer(1, -3)), { labels: ['cat', 'dog'], frame, targets })
    expect(detection.formatOutput(nothing, 3)).toBe('nothing found')
  })

  it('are judged there by the rules of COCO', () => {
    const judged = (label: number) => {
      const metrics = detection.metrics(options, ['cat', 'dog'], targets)
      metrics.add(batch, answer(label, 3))
      return metrics.result()
    }
    const right = judged(1)
    expect(tasks.detection.metrics.parse(right)).toEqual(right)
    expect(right).toMatchObject({ map50: expect.closeTo(1), objects: 1, count: 1, 'perClass.dog': expect.closeTo(1) })
    expect(right).not.toHaveProperty('mapLarge')
    expect(right).not.toHaveProperty(['perClass.cat'])
    expect(judged(0)['map50']).toBeLessThan(0.01)
  })

  it('are clipped to the photo, and left out where they lie outside', () => {
    const found = {
      boxes: Float32Array.of(-0.5, -0.5, 0.5, 0.5, 1.1, 0, 1.2, 1),
      classes: Int32Array.of(0, 0),
      scores: Float32Array.of(0.9, 0.8),
    }
    expect(inPhoto(found, frame, 100)).toEqual([{ label: 0, score: expect.closeTo(0.9), box: [0, 0, 100, 25] }])
  })

  it('are drawn on the photo, which is turned, with labels that are no markup', async () => {
    const file = join(await temporaryFolder(), 'turned.jpg')
    await sharp({ create: { width: 60, height: 90, channels: 3, background: '#808080' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toFile(file)
    const one = { label: '<dog> & "cat"', score: 0.9, box: { x: 10, y: 20, width: 30, height: 25 } }
    const { type, bytes } = await detection.draw!(file, { detections: [one] })
    const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true })
    expect([type, info.width, info.height, info.channels]).toEqual(['png', 90, 60, 3])
    const isGrey = (x: number, y: number) => Math.max(...[0, 1, 2].map((c) => Math.abs(data[3 * (90 * y + x) + c]! - 128))) < 3
    expect([isGrey(10, 30), isGrey(40, 30), isGrey(25, 20), isGrey(25, 45)]).toEqual([false, false, false, false])
    expect([isGrey(14, 30), isGrey(50, 30), isGrey(25, 40), isGrey(25, 50)]).toEqual([true, true, true, true])
    const [drawn] = drawBoxes([one], 10)
    expect(drawn).toContain('&lt;dog&gt; &amp; &quot;cat&quot; 90 %')
    expect(drawn).toContain('<rect x="10.0" y="20.0" width="30.0" height="25.0"')
  })

  it('are drawn on large photos that are made smaller, at the same place', async () => {
    const file = join(await temporaryFolder(), 'large.png')
    await sharp({ create: { width: 3200, height: 800, channels: 3, background: '#808080' } })
      .png()
      .toFile(file)
    const one = { label: 'dog', score: 0.9, box: { x: 2000, y: 200, width: 400, height: 400 } }
    const { bytes } = await detection.draw!(file, { detections: [one] })
    const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true })
    expect([info.width, info.height]).toEqual([1600, 400])
    const red = (x: number, y: number) => data[3 * (1600 * y + x)]
    expect([red(1000, 200), red(1200, 200)]).toEqual([0xff, 0xff])
    expect([red(900, 200), red(1100, 200)]).toEqual([0x80, 0x80])
  })
})

describe("COCO's results", () => {
  const found = [
    { label: 1, score: 0.5, box: [1, 2.5, 3, 4] as const },
    { label: 0, score: 0.25, box: [0, 0, 1, 1] as const },
  ]
  const written = (photos: readonly FoundInPhoto[], origin: Origin) => JSON.parse([...cocoResults(photos, origin)].join(''))

  it('have the ids of the annotations, without classes that these do not have', () => {
    const photos = [
      { id: 900, found },
      { id: 7, found: [] },
      { id: 5, found },
    ]
    expect(written(photos, { categories: [null, 90], files: null })).toEqual([
      { image_id: 900, category_id: 90, bbox: [1, 2.5, 3, 4], score: 0.5 },
      { image_id: 5, category_id: 90, bbox: [1, 2.5, 3, 4], score: 0.5 },
    ])
    expect(written([{ id: 7, found: [] }], { categories: [1, 2], files: null })).toEqual([])
  })

  it('name the files where the ids are ours', () => {
    expect(written([{ id: 1, found }], { categories: [0, 1], files: { 1: 'a/b.jpg' } })).toEqual([
      { image_id: 1, category_id: 1, bbox: [1, 2.5, 3, 4], score: 0.5, file_name: 'a/b.jpg' },
      { image_id: 1, category_id: 0, bbox: [0, 0, 1, 1], score: 0.25, file_name: 'a/b.jpg' },
    ])
  })
})

describe('the agreement of two detectors', () => {
  const list = (...rows: readonly (readonly [number, number, number])[]): Detections => ({
    boxes: Float32Array.from(rows.flatMap(([, , left]) => [0, left, 0.5, left + 0.25])),
    classes: Int32Array.from(rows, ([label]) => label),
    scores: Float32Array.from(rows, ([, score]) => score),
  })

  it('is whole for the same answers, and for equal scores in another order', () => {
    const one = list([0, 0.5, 0], [1, 0.5, 0.5])
    expect(compareDetections(one, one)).toEqual({ errors: { box: 0, score: 0 }, same: true, distance: expect.closeTo(0) })
    expect(compareDetections(one, list([1, 0.5, 0.5], [0, 0.5, 0]))).toMatchObject({ same: true, errors: { box: 0 } })
    expect(compareDetections(list(), list())).toEqual({ errors: null, same: true, distance: 0 })
  })

  it('tells what differs', () => {
    const one = list([0, 0.9, 0], [1, 0.5, 0.5])
    expect(compareDetections(one, list([0, 0.8, 0.0625], [1, 0.5, 0.5]))).toMatchObject({
      ...{ errors: { box: 0.0625, score: expect.closeTo(0.1) }, same: true },
    })
    expect(compareDetections(one, list([1, 0.9, 0], [0, 0.5, 0.5])).same).toBe(false)
    expect(compareDetections(one, list([0, 0.9, 0]))).toMatchObject({ same: false, errors: { box: 0 } })
    expect(compareDetections(one, list()).distance).toBe(1)
    const elsewhere = compareDetections(list([0, 0.9, 0]), list([0, 0.8, 0.125]))
    expect(elsewhere).toMatchObject({ same: false, errors: null, distance: expect.closeTo(1 - (2 * 0.8) / 3 / 1.7) })
  })

  it('is told with the quality of both', () => {
    const agreement = detection.agreement(options, targets, 'photos')
    agreement.add(probable(answer(1, 3)), probable(answer(1, 3)), { inputs: {}, truth: [truth] })
    agreement.add(probable(answer(1, 3)), probable(answer(0, 3)), { inputs: {}, truth: [truth] })
    const result = agreement.result()
    expect(tasks.detection.agreement.parse(result)).toEqual(result)
    expect(result).toMatchObject({ maxBoxError: 0, maxScoreError: 0, sameDetections: 0.5, engineMap50: expect.closeTo(1) })
    expect(result['map50']).toBeLessThan(1)
  })

  it('tells no error of boxes that nobody has found', () => {
    const agreement = detection.agreement(options, targets, 'photos')
    agreement.add(probable(answer(1, -9)), probable(answer(1, -9)), { inputs: {}, truth: [truth] })
    const result = agreement.result()
    expect(tasks.detection.agreement.parse(result)).toEqual(result)
    expect(result).toMatchObject({ sameDetections: 1, map50: 0 })
    expect(result).not.toHaveProperty('maxBoxError')
    expect(agreement.summary()).toContain('nothing found by both')
  })
})
