import { join } from 'node:path'
import type { Fit, Tensors } from '@mnas/core/contracts'
import { writeModelFile } from '@mnas/core/deployment'
import { exportRequest, interpret, testSurroundings } from '@mnas/core/testing'
import { frameOf, placingOf } from '@mnas/images/fitting'
import { tfliteExporter } from '@mnas/tflite'
import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, it, onTestFinished } from 'vitest'
import { boxesInPlace, placeView } from '#internal/batches/placed-view.js'
import { deployedSuppression, deploymentSchema } from '#internal/deployment/deployment-options.js'
import { postProcessing } from '#internal/deployment/post-processing.js'
import { inPhoto } from '#internal/detections/photo-detections.js'
import detection from '#internal/index.js'
import { openExamples } from '#internal/open-examples.js'
import { preprocessing } from '#internal/preprocessing.js'
import { temporaryFolder } from '../../images/test/support/pictures.js'
import { answersOf } from '../../tflite/test/support/calibration.js'
import { testedRuntimes } from '../../tflite/test/support/runtimes.js'
import { detectionsOf } from './support/file-detections.js'
import { handmade, redOptions, redSize } from './support/red-detector.js'

const { model, graph, weights, targets, anchors } = handmade
const runtimes = await testedRuntimes()
const labels = ['red']
const shown = { width: 400, height: 240 }
const fits: readonly Fit[] = [{ kind: 'stretch' }, { kind: 'letterbox', fill: [114, 114, 114] }]

/** Where the smallest anchor of the cell in row 1, column 2 lies in the photo as it is shown, worked out by hand. */
const squares = {
  stretch: { x: 230, y: 78, width: 40, height: 24 },
  letterbox: { x: 230, y: 49, width: 40, height: 40 },
  crop: undefined,
} as const

/** A photo that is stored on its side (EXIF 6) and shows one red square on grey. */
async function turnedPhoto(fit: Fit) {
  const box = squares[fit.kind]!
  const folder = await temporaryFolder()
  const file = join(folder, 'turned.jpg')
  const place = { left: box.y, top: shown.width - box.x - box.width }
  const red = { width: box.height, height: box.width, channels: 3 as const, background: '#e01010' }
  await sharp({ create: { width: shown.height, height: shown.width, channels: 3, background: '#808080' } })
    .composite([{ input: { create: red }, ...place }])
    .withMetadata({ orientation: 6 })
    .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
    .toFile(file)
  return { folder, file, box, how: { ...preprocessing, fit } }
}

type Box = Readonly<Record<'x' | 'y' | 'width' | 'height', number>>
function expectSame(found: Box, expected: Box): void {
  for (const side of ['x', 'y', 'width', 'height'] as const)
    expect(Math.abs(found[side] - expected[side]), `${side}: ${found[side]}`).toBeLessThanOrEqual(1)
}

const answersTo = (inputs: Tensors, asked: typeof graph): Tensors => {
  const { outputs } = interpret(asked, { inputs, weights, mode: 'inference' })
  const tensor = ({ shape, data }: (typeof outputs)[string]) => ({
    dtype: 'float32' as const,
    shape,
    data: Float32Array.from(data),
  })
  return Object.fromEntries(Object.entries(outputs).map(([name, values]) => [name, tensor(values)]))
}

describe.each(fits)('a square in a turned photo (%j)', (fit) => {
  it('is found where people see it', async () => {
    const { file, box, how } = await turnedPhoto(fit)
    const { inputs, frame } = await detection.readInput(file, redSize, how)
    const { detections } = detection.describeOutput(answersTo(inputs, graph), { labels, frame, targets }) as unknown as {
      readonly detections: readonly { readonly label: string; readonly box: Box }[]
    }
    expect(detections.map(({ label }) => label)).toEqual(['red'])
    expectSame(detections[0]!.box, box)
  })

  it('is counted as found in an evaluation, and its anchor is what a training is told', async () => {
    const { folder, file, box, how } = await turnedPhoto(fit)
    const truth = { label: 0, box, crowd: false, difficult: false, area: box.width * box.height, id: 1 }
    const example = { file, id: 1, size: shown, boxes: [truth] }
    const splits = { train: [example], heldOut: [example], validation: [example], test: [] }
    const cache = { cacheFolder: await temporaryFolder(), cacheLimitBytes: 1e9, folder, preprocessing: how }
    const source = { folder, takenFor: 'COCO: drawn', places: {}, warnings: [], skippedBoxes: [] }
    const dataset = await openExamples({ format: 'coco', labels, labelIds: [1], splits, skipped: [], ...source }, cache)
    onTestFinished(() => dataset.close())
    const plan = { split: 'validation', batchSize: 1, inputSize: redSize, seed: 0, targets, training: false } as const
    const signal = new AbortController().signal
    for await (const batch of dataset.batches(
      { ...plan, augmentation: {}, decoding: 'exact' },
      { epoch: 0, index: 0 },
      0,
      signal,
    )) {
      const metrics = detection.metrics(redOptions, labels, targets)
      metrics.add(batch, answersTo({ image: batch.inputs['image']! }, model))
      expect(metrics.result()).toMatchObject({ map50: expect.closeTo(1), objects: 1 })
      const positive = [...batch.inputs['targetClass']!.data].flatMap((own, anchor) => (own > 0 ? [anchor] : []))
      expect(positive).toContain(6 * (4 * 1 + 2))
    }
  })

  for (const { name, missing, create } of runtimes) {
    it.skipIf(missing)(`is found by the file, in ${name}`, async () => {
      const { folder, file, box, how } = await turnedPhoto(fit)
      const behind = postProcessing({ anchors, classes: 1 }, deployedSuppression(deploymentSchema.parse({ threshold: 0.3 })))
      const request = { graph, weights, path: join(folder, 'red.tflite'), labels, preprocessing: how, postProcessing: behind }
      const written = await writeModelFile(tfliteExporter, exportRequest(request))
      const started = create().start!(testSurroundings())
      onTestFinished(() => started.close())
      const { inputs, frame } = await detection.readInput(file, redSize, written.preprocessing ?? how)
      const [answer] = await answersOf(started, written, [inputs])
      const [found, ...others] = inPhoto(detectionsOf(answer!), frame, redSize)
      expect(others).toEqual([])
      const [x, y, width, height] = found!.box
      expectSame({ x, y, width, height }, box)
    })
  }
})

it.each(fits)('a box in the input of a training comes back to its place in the photo (%j)', (fit) => {
  const side = fc.integer({ min: 8, max: 4000 })
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  const photos = fc.record({ width: side, height: side, inputSize: fc.integer({ min: 32, max: 640 }) })
  fc.assert(
    fc.property(photos, share, share, share, share, ({ inputSize, ...photo }, x0, y0, x1, y1) => {
      const [left, right, top, bottom] = [Math.min(x0, x1), Math.max(x0, x1), Math.min(y0, y1), Math.max(y0, y1)]
      fc.pre((right - left) * photo.width >= 2 && (bottom - top) * photo.height >= 2)
      const whole = { left: 0, top: 0, width: 1, height: 1, mirrored: false, covers: 0 }
      const placed = placeView(photo, photo, whole, inputSize, fit)
      const all = { boxes: Float64Array.of(top, left, bottom, right), labels: Int32Array.of(0) }
      const { boxes } = boxesInPlace(all, placed, inputSize)
      fc.pre(boxes.length > 0) // less than a pixel of the input is left out
      const found = { boxes: Float32Array.from(boxes), classes: Int32Array.of(0), scores: Float32Array.of(1) }
      const [back] = inPhoto(found, frameOf(photo, placingOf(photo, inputSize, fit)), inputSize)
      const [x, y, width, height] = back!.box
      const [across, down] = [right - left, bottom - top]
      expectSame(
        { x, y, width, height },
        { x: left * photo.width, y: top * photo.height, width: across * photo.width, height: down * photo.height },
      )
    }),
  )
})
