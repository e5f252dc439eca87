import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ExportRequest, JsonObject } from '@mnas/core/contracts'
import { writeModelFile } from '@mnas/core/deployment'
import { exportRequest, randomTensors, testSurroundings } from '@mnas/core/testing'
import { tfliteExporter } from '@mnas/tflite'
import fc from 'fast-check'
import { unzipSync } from 'fflate'
import flexbuffers from 'flatbuffers/js/flexbuffers.js'
import { describe, expect, it } from 'vitest'
import { flexMap } from '#internal/flatbuffer/flex-map.js'
import { answersOf, drawnCalibration } from './support/calibration.js'
import { temporaryFolder, weightsOf, withOutputs } from './support/models.js'
import { anchors, behind, rawDetector } from './support/post-processing.js'
import { readMetadata } from './support/read-metadata.js'
import { readTflite } from './support/read-tflite.js'
import { testedRuntimes } from './support/runtimes.js'

const labels = ['größe, „so“', '猫']

function write(request: Partial<ExportRequest> = {}) {
  const graph = request.graph ?? rawDetector()
  const path = join(temporaryFolder(), 'detector.tflite')
  const complete = exportRequest({ graph, weights: weightsOf(rawDetector()), path, labels, postProcessing: behind(), ...request })
  return writeModelFile(tfliteExporter, complete)
}

async function written(request: Partial<ExportRequest> = {}) {
  const file = await write(request)
  const bytes = readFileSync(file.path)
  const model = readTflite(bytes)
  const { position, length } = model.buffers[model.metadata['TFLITE_METADATA']!]!
  return { file, bytes, model, metadata: readMetadata(bytes.subarray(position, position + length)) }
}

describe('an operator behind the graph', () => {
  it.each(tfliteExporter.precisions)('%s: reads floats and the anchors, and is the end of the file', async (precision) => {
    const { file, model, bytes } = await written({ precision, calibration: drawnCalibration(rawDetector()) })
    const custom = model.operators.at(-1)!
    expect(custom).toMatchObject({ op: 'CUSTOM', version: 1, customCode: 'TFLite_Detection_PostProcess' })
    expect(model.operators.filter(({ op }) => op === 'CUSTOM')).toHaveLength(1)
    expect(custom.outputs).toEqual(model.outputs)
    expect(custom.inputs.map((tensor) => model.tensors[tensor]!.shape)).toEqual([
      [1, 2, 4],
      [1, 2, 3],
      [2, 4],
    ])
    expect(custom.inputs.map((tensor) => model.tensors[tensor]!.type)).toEqual([0, 0, 0])
    expect(new Set(custom.inputs).size).toBe(3)
    const { position, length } = model.buffers[model.tensors[custom.inputs[2]!]!.buffer]!
    expect([...new Float32Array(bytes.buffer.slice(bytes.byteOffset + position, bytes.byteOffset + position + length))]).toEqual([
      ...anchors,
    ])
    expect(flexbuffers.toObject(new Uint8Array(custom.customOptions!).buffer)).toEqual({
      ...behind().options,
      ...{ nms_score_threshold: Math.fround(0.1), nms_iou_threshold: Math.fround(0.6) },
    })
    expect(file.outputs).toEqual(
      behind().outputs.map(({ name, shape, dtype }) => ({ name, shape: [...shape], dtype, affine: null })),
    )
  })

  it('is compared with a file whose outputs are real numbers too, whatever types the options name', async () => {
    const calibration = drawnCalibration(rawDetector())
    const raw = (changes: Partial<ExportRequest>) => {
      const path = join(temporaryFolder(), 'raw.tflite')
      const request = exportRequest({ graph: rawDetector(), weights: weightsOf(rawDetector()), path })
      return writeModelFile(tfliteExporter, { ...request, precision: 'int8', options: { io: 'uint8' }, calibration, ...changes })
    }
    const [bare, ofBytes] = [await raw({ realOutputs: true }), await raw({})]
    expect(bare.inputs.map(({ dtype }) => dtype)).toEqual(['uint8'])
    expect(bare.outputs.map(({ dtype }) => dtype)).toEqual(['float32', 'float32'])
    expect(ofBytes.outputs.map(({ dtype }) => dtype)).toEqual(['uint8', 'uint8'])
    expect(bare.structure).not.toBe(ofBytes.structure)
    expect((await raw({ realOutputs: true, options: {} })).structure).toBe((await raw({ options: {} })).structure)
  })

  it('leaves other outputs behind its own, and takes no name that is taken', async () => {
    const graph = { ...rawDetector(), outputs: { pooled: 'pool', ...rawDetector().outputs } }
    const { file, model, metadata } = await written({ graph })
    expect(file.outputs.map(({ name }) => name)).toEqual(['location', 'category', 'score', 'count', 'pooled'])
    expect(model.outputs.map((tensor) => model.tensors[tensor]!.name)).toEqual([
      'location.2',
      'category',
      'score',
      'count',
      'pool',
    ])
    expect(metadata.outputs.at(-1)).toMatchObject({ name: 'pooled', files: [], content: 0 })
  })

  it('is refused where the file lacks what it reads', async () => {
    await expect(write({ graph: withOutputs(rawDetector(), { boxes: 'boxes.rows' }) })).rejects.toMatchObject({
      code: 'MNAS_EXPORT_OUTPUT',
      message: expect.stringContaining('the output "scores"'),
    })
  })

  it('is refused where LiteRT does not know it', async () => {
    const path = join(temporaryFolder(), 'detector.tflite')
    await expect(write({ path, postProcessing: { ...behind(), operator: 'Sort' } })).rejects.toMatchObject({
      code: 'MNAS_EXPORT_POSTPROCESSING',
      message: expect.stringContaining('Expected TFLite_Detection_PostProcess'),
    })
    expect(readdirSync(dirname(path))).toEqual([])
  })

  it('belongs to the structure, with its options and constants; what its outputs are called does not', async () => {
    const structureOf = async (request: Partial<ExportRequest>) => (await write(request)).structure
    const { postProcessing: _, ...plain } = exportRequest({ graph: rawDetector(), weights: weightsOf(rawDetector()), path: '' })
    const raw = await writeModelFile(tfliteExporter, { ...plain, options: {}, path: join(temporaryFolder(), 'raw.tflite') })
    const [tensor] = behind().constants.map((constant) => constant.tensor)
    const others = await Promise.all([
      structureOf({}),
      structureOf({ postProcessing: behind({ nms_score_threshold: 0.2 }) }),
      structureOf({
        postProcessing: {
          ...behind(),
          constants: [{ name: 'anchors', tensor: { ...tensor!, data: anchors.map((value) => value / 2) } }],
        },
      }),
    ])
    expect(new Set([raw.structure, ...others]).size).toBe(4)
    const renamed = behind().outputs.map((output) => ({ ...output, name: `${output.name}s` }))
    expect(await structureOf({ postProcessing: { ...behind(), outputs: renamed }, labels: null })).toBe(others[0])
  })
})

describe('the metadata of such a file', () => {
  it('says what MediaPipe and the task library look for', async () => {
    const { metadata, bytes } = await written()
    expect(metadata.outputs).toEqual([
      { name: 'location', files: [], content: 3, boundingBox: { index: [1, 0, 3, 2], type: 1 } },
      { name: 'category', files: [{ name: 'labels.txt', type: 3 }], content: 1, boundingBox: null },
      { name: 'score', files: [], content: 1, boundingBox: null },
      { name: 'number of detections', files: [], content: 1, boundingBox: null },
    ])
    expect(metadata.groups).toEqual([{ name: 'detection_result', tensors: ['location', 'category', 'score'] }])
    expect(metadata).toMatchObject({ files: [], minParserVersion: '1.2.0' })
    expect(metadata.inputs[0]!.units).toEqual([{ type: 1, mean: [127.5], std: [127.5] }])
    expect(new TextDecoder().decode(unzipSync(bytes)['labels.txt'])).toBe(labels.join('\n'))
  })

  it('says in which order the sides stand', async () => {
    const [first, ...others] = behind().outputs
    const content = { kind: 'regions', order: ['left', 'top', 'right', 'bottom'] } as const
    const { metadata } = await written({ postProcessing: { ...behind(), outputs: [{ ...first!, content }, ...others] } })
    expect(metadata.outputs[0]!.boundingBox).toEqual({ index: [0, 1, 2, 3], type: 1 })
  })

  it('needs no labels, and refuses any other number of them, the background among them', async () => {
    expect((await written({ labels: null })).metadata.outputs[1]!.files).toEqual([])
    await expect(write({ labels: ['background', ...labels] })).rejects.toMatchObject({
      code: 'MNAS_EXPORT_LABELS',
      message: expect.stringContaining('Expected 2 labels, one for each class, received 3'),
    })
  })
})

describe('a FlexBuffer map', () => {
  it('holds numbers, floats rounded to float32, truths and texts', () => {
    const value = fc.oneof(
      fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }).filter((number) => !Number.isInteger(number)),
      fc.boolean(),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z][a-z_]{0,11}$/), value, { minKeys: 1 }), (options) => {
        const rounded = Object.entries(options).map(([name, one]) => [
          name,
          typeof one === 'number' && !Number.isInteger(one) ? Math.fround(one) + 0 : one,
        ])
        const { buffer } = flexMap(options as JsonObject).slice()
        expect(flexbuffers.toObject(buffer)).toEqual(Object.fromEntries(rounded))
      }),
    )
  })
})

describe.each(await testedRuntimes())('$name', ({ missing, create }) => {
  it.skipIf(missing)('describes and runs what ends in an operator', async () => {
    const [runtime, file] = [create(), await write()]
    const { inputs, outputs } = file
    expect(await runtime.describe(file, testSurroundings())).toEqual({ inputs, outputs })
    const images = [randomTensors(rawDetector().inputs, { batch: 1, seed: 4 })]
    const started = runtime.start!(testSurroundings())
    const [answer] = await answersOf(started, file, images).finally(started.close)
    const count = answer!['count']!.data[0]!
    expect(count).toBeGreaterThan(0)
    expect([...answer!['category']!.data.subarray(0, count)].every((label) => label === 0 || label === 1)).toBe(true)
  })
})
