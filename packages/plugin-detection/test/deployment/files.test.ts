import { join } from 'node:path'
import type { Calibration, ModelFile, Precision, Tensors } from '@mnas/core/contracts'
import { writeModelFile } from '@mnas/core/deployment'
import { exportRequest, interpret, randomTensors, testSurroundings } from '@mnas/core/testing'
import { tfliteExporter } from '@mnas/tflite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deployedSuppression, deploymentSchema } from '#internal/deployment/deployment-options.js'
import { detectionOutputs, postProcessing } from '#internal/deployment/post-processing.js'
import { detect } from '#internal/detections/detect.js'
import { temporaryFolder } from '../../../../test/support/temporary-folder.js'
import { answersOf } from '../../../tflite/test/support/calibration.js'
import { testedRuntimes } from '../../../tflite/test/support/runtimes.js'
import { detectionsOf } from '../support/file-detections.js'
import { smallDetector } from '../support/small-detector.js'

const { classes, labels, graph, weights, anchors } = smallDetector
const images = (count: number, seed: number): readonly Tensors[] =>
  Array.from({ length: count }, (_, i) => randomTensors(graph.inputs, { batch: 1, seed: seed + i }))
const [seen, unseen] = [images(1, 100), images(2, 200)]

/** Thresholds under which random weights give answers. */
const suppression = deployedSuppression(deploymentSchema.parse({ threshold: 0.2, maxDetections: 20 }))
const behind = postProcessing({ anchors, classes }, suppression)

const values = new Map<Tensors, ReturnType<typeof interpret>>()

/** Of each image once: the definition of the ops takes its time. */
function interpreted(inputs: Tensors): ReturnType<typeof interpret> {
  const known = values.get(inputs) ?? interpret(graph, { inputs, weights, mode: 'inference' })
  values.set(inputs, known)
  return known
}

const calibration: Calibration = {
  images: seen.length,
  synthetic: false,
  async *observe(ids) {
    for (const inputs of seen) {
      const of = (id: string) => interpreted(inputs).values[id]!
      const tensor = (id: string) => ({ dtype: 'float32' as const, shape: of(id).shape, data: Float32Array.from(of(id).data) })
      yield Object.fromEntries(ids.map((id) => [id, tensor(id)]))
    }
  },
  distance: async () => null,
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const files = new Map<string, Promise<ModelFile>>()
beforeAll(async () => {
  folder = await temporaryFolder('detector')
})
afterAll(() => folder.remove())

/** Each file once, for all runtimes. */
function written(precision: Precision, { raw = false, io = 'float' } = {}): Promise<ModelFile> {
  const path = join(folder.path, `${precision}-${io}${raw ? '-raw' : ''}.tflite`)
  const write = () =>
    writeModelFile(tfliteExporter, {
      ...exportRequest({ graph, weights, path, labels }),
      ...{ precision, options: { io }, calibration },
      ...(!raw && { postProcessing: behind }),
    })
  const file = files.get(path) ?? write()
  files.set(path, file)
  return file
}

const floats = ({ data }: Tensors[string]) => Float32Array.from(data)
const plain = ({ boxes, classes: found, scores }: ReturnType<typeof detect>) => ({
  boxes: [...boxes],
  classes: [...found],
  scores: [...scores],
})

const precisions = tfliteExporter.precisions

const runtimes = await testedRuntimes()

describe.each(runtimes)('a detector in $name', ({ name: runtimeName, missing, create }) => {
  const runtime = create()
  const started = runtime.start!(testSurroundings())
  afterAll(() => started.close())

  it.skipIf(missing).each(precisions)('%s: the file gives what the rules make of its raw answers', async (precision) => {
    const [file, raw] = [await written(precision), await written(precision, { raw: true })]
    const { inputs, outputs } = file
    expect(await runtime.describe(file, testSurroundings())).toEqual({ inputs, outputs })
    const [found, answers] = [await answersOf(started, file, unseen), await answersOf(started, raw, unseen)]
    for (const [image, { boxes, scores }] of answers.entries()) {
      const expected = detect({ codes: floats(boxes!), scores: floats(scores!), anchors, classes }, suppression)
      expect(expected.classes.length).toBeGreaterThan(2)
      expect(plain(detectionsOf(found[image]!))).toEqual(plain(expected))
    }
  })

  it.skipIf(missing)('int8: scores are not rounded to 256 levels, so that small ones are there', async () => {
    const [answer] = await answersOf(started, await written('int8', { raw: true }), unseen)
    const levels = floats(answer!['scores']!).map((score) => 256 * score)
    expect(levels.filter((level) => Number.isInteger(level)).length).toBeLessThan(levels.length / 10)
  })

  it.skipIf(missing)('int8 that takes bytes gives floats', async () => {
    // LiteRT.js has no int8 at its edges.
    for (const io of runtimeName === 'litert' ? (['uint8', 'int8'] as const) : (['uint8'] as const)) {
      const file = await written('int8', { io })
      expect(file.inputs.map(({ dtype }) => dtype)).toEqual([io])
      expect(file.outputs.map(({ name, dtype, affine }) => [name, dtype, affine])).toEqual(
        Object.values(detectionOutputs).map((name) => [name, 'float32', null]),
      )
      const bytes = { dtype: io, shape: [1, 96, 96, 3], data: floats(unseen[0]!['image']!).map((value) => 60 * value) }
      const data = io === 'uint8' ? Uint8Array.from(bytes.data, (v) => v + 128) : Int8Array.from(bytes.data)
      const [answer] = await answersOf(started, file, [{ image: { ...bytes, data } }])
      expect(detectionsOf(answer!).scores.length).toBeGreaterThan(0)
    }
  })

  it.skipIf(missing)('float32: the raw answers are those of the graph', async () => {
    const [answer] = await answersOf(started, await written('float32', { raw: true }), [unseen[0]!])
    const { outputs } = interpreted(unseen[0]!)
    for (const output of ['boxes', 'scores']) {
      const expected = outputs[output]!.data
      const range = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      const apart = floats(answer![output]!).reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0)
      expect(apart / range).toBeLessThan(1e-4)
    }
  })
})
