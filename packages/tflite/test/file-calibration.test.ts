import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Calibration, ExportRequest, Preprocessing, Tensor, Tensors } from '@mnas/core/contracts'
import { renormalize, withNormalization } from '@mnas/core/graph'
import { exportRequest, interpret } from '@mnas/core/testing'
import { tfliteExporter } from '@mnas/tflite'
import { describe, expect, it } from 'vitest'
import { fileCalibration } from '#internal/calibration/file-calibration.js'
import { smallModel, temporaryFolder, weightsOf } from './support/models.js'
import { readTflite } from './support/read-tflite.js'

const own: Preprocessing = {
  ...{ fit: { kind: 'stretch' }, mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375], exif: 'applied' },
}
const common: Preprocessing = { ...own, mean: [127.5, 127.5, 127.5], std: [127.5, 127.5, 127.5] }
const graph = smallModel()
const weights = weightsOf(graph)

/** Levels that go from 0 to 255 over a picture, as the model takes them. */
function picture(first: number): Tensor {
  const levels = Float32Array.from({ length: 48 }, (_, i) => (first + 16 * i) % 256)
  const { image } = renormalize({ image: { dtype: 'float32', shape: [1, 4, 4, 3], data: levels } }, levelsThemselves, own)
  return image!
}
const levelsThemselves: Preprocessing = { ...own, mean: [0, 0, 0], std: [1, 1, 1] }
const pictures = [0, 5, 255].map(picture)

/** What the interpreter computes of the pictures; the first file that is asked of is the nearest. */
function calibration(asked: string[] = []): Calibration {
  let distance = 0
  return {
    images: pictures.length,
    synthetic: false,
    distance: async () => distance++,
    async *observe(ids) {
      asked.push(...ids)
      for (const image of pictures) {
        const { values } = interpret(graph, { inputs: { image }, weights, mode: 'inference' })
        const computed = (id: string): Tensor => {
          const { shape, data } = values[id]!
          return { dtype: 'float32', shape, data: Float32Array.from(data) }
        }
        yield Object.fromEntries(ids.map((id) => [id, id === 'image' ? image : computed(id)]))
      }
    },
  }
}

async function collect(values: AsyncIterable<Tensors>): Promise<readonly Tensors[]> {
  const all: Tensors[] = []
  for await (const tensors of values) all.push(tensors)
  return all
}

async function written(request: Partial<ExportRequest>) {
  const path = join(temporaryFolder(), 'model.tflite')
  const options = tfliteExporter.options.parse(request.options ?? {})
  const rest = { graph, weights, path, precision: 'int8', preprocessing: own, calibration: calibration() } as const
  const file = await tfliteExporter.write(exportRequest({ ...rest, ...request, options }))
  return { file, model: readTflite(readFileSync(path)) }
}

describe('the calibration of a file that normalises pixels itself', () => {
  it('tells inputs as the file takes them, what the model took behind them, and nothing in between', async () => {
    const rewritten = withNormalization(graph, common, own)
    const asked: string[] = []
    const { observe } = fileCalibration(calibration(asked), { ...rewritten, model: graph, from: common, to: own })
    const told = await collect(observe(['image', 'image.scaled', 'image.normalized', 'logits']))
    expect(asked).toEqual(['image', 'logits'])
    expect(told.map((values) => Object.keys(values))).toEqual(pictures.map(() => ['image', 'image.normalized', 'logits']))
    for (const [index, image] of pictures.entries()) {
      expect(told[index]!['image.normalized']).toBe(image)
      expect(told[index]!['image']!.data).toEqual(renormalize({ image }, own, common)['image']!.data)
    }
  })

  it('is the same where the file takes what the model takes', () => {
    const same = calibration()
    expect(fileCalibration(same, { ...withNormalization(graph, own, own), model: graph, from: own, to: own })).toBe(same)
  })
})

describe('an int8 file of a model that normalises each channel in its own way', () => {
  it('normalises in float32, and computes in integers behind that', async () => {
    const { model } = await written({})
    const ops = model.operators.map(({ op }) => op)
    expect(ops.slice(0, 4)).toEqual(['MUL', 'ADD', 'QUANTIZE', 'CONV_2D'])
    const taking = await written({ options: { io: 'uint8' } })
    expect(taking.model.operators.map(({ op }) => op).slice(0, 6)).toEqual([
      ...['QUANTIZE', 'DEQUANTIZE', 'MUL', 'ADD', 'QUANTIZE', 'CONV_2D'],
    ])
  })

  it('takes bytes that are levels of pixels, whatever the pictures were that it was calibrated on', async () => {
    const dark: Calibration = {
      ...calibration(),
      async *observe(ids) {
        for await (const values of calibration().observe(ids))
          yield Object.fromEntries(
            Object.entries(values).map(([id, tensor]) => [id, { ...tensor, data: tensor.data.map((x) => x / 9) }]),
          )
      },
    }
    for (const preprocessing of [own, common]) {
      const { file } = await written({ options: { io: 'uint8' }, preprocessing, calibration: dark })
      expect(file.inputs).toEqual([
        {
          name: 'image',
          shape: [1, 4, 4, 3],
          dtype: 'uint8',
          affine: { scale: [Math.fround(1 / 127.5)], zeroPoint: [127], axis: null },
        },
      ])
    }
  })
})
