import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type WriteRequest, writeModelFile } from '@mnas/core/deployment'
import { GraphBuilder } from '@mnas/core/graph'
import { exportRequest } from '@mnas/core/testing'
import { tfliteExporter } from '@mnas/tflite'
import { describe, expect, it } from 'vitest'
import { exported, image, origin, smallModel, temporaryFolder, weightsOf, withOutputs } from './support/models.js'
import { readTflite } from './support/read-tflite.js'

const refused = async (request: Partial<WriteRequest>) => {
  const graph = request.graph ?? smallModel()
  const folder = temporaryFolder()
  const complete = exportRequest({ graph, weights: weightsOf(smallModel()), path: join(folder, 'model.tflite'), ...request })
  const error = await writeModelFile(tfliteExporter, complete).then(
    () => null,
    (thrown) => thrown as { code: string; message: string },
  )
  expect(readdirSync(folder)).toEqual([])
  return error
}

describe('the exporter', () => {
  it('writes only the outputs asked for, by their names', async () => {
    const graph = withOutputs(smallModel(), { logits: 'logits', features: 'pool' })
    const path = join(temporaryFolder(), 'model.tflite')
    await tfliteExporter.write(exportRequest({ graph, weights: weightsOf(graph), path, outputs: ['features'] }))
    const { signature, operators } = readTflite(readFileSync(path))
    expect(Object.keys(signature.outputs)).toEqual(['features'])
    expect(operators.map(({ op }) => op)).toEqual(['CONV_2D', 'MEAN'])
  })

  it('gives outputs that are inputs, constants or the same node tensors of their own', async () => {
    const builder = new GraphBuilder()
    builder.input('x', image(3))
    builder.add('abs', { id: 'magnitude', inputs: ['x'], attributes: {}, origin })
    builder.add('constant', { id: 'numbers', inputs: [], attributes: { values: [1, 2] }, origin })
    const outputs = { input: 'x', one: 'magnitude', other: 'magnitude', numbers: 'numbers' }
    const { path } = await exported(withOutputs(builder.build(), outputs))
    const model = readTflite(readFileSync(path))
    expect(Object.keys(model.signature.outputs)).toEqual(Object.keys(outputs))
    expect(new Set([...model.inputs, ...model.outputs]).size).toBe(5)
  })

  it('holds equal constants once', async () => {
    const builder = new GraphBuilder()
    builder.input('x', image(4))
    for (const [index, id] of ['a', 'b', 'c'].entries()) {
      builder.add('dense', { id, inputs: [['x', 'a', 'b'][index]!], attributes: { units: 4, bias: false }, origin })
    }
    builder.output('y', 'c')
    const graph = builder.build()
    const same = { dtype: 'float32', shape: [4, 4], data: new Float32Array(16).fill(0.25) } as const
    const { path } = await exported(graph, { 'a.kernel': same, 'b.kernel': same, 'c.kernel': same })
    const { operators, tensors } = readTflite(readFileSync(path))
    expect(new Set(operators.map(({ inputs }) => inputs[1])).size).toBe(1)
    expect(tensors.map(({ name }) => name)).toEqual(['x', 'a.kernel', 'a', 'b', 'c'])
  })

  it('refuses ops across examples, with a name and the ops there are', async () => {
    const builder = new GraphBuilder()
    builder.input('x', image(3))
    builder.add('batchSum', { id: 'total', inputs: ['x'], attributes: {}, origin })
    builder.output('y', 'total')
    const error = await refused({ graph: builder.build() })
    expect(error).toMatchObject({ code: 'MNAS_EXPORT_OP', message: expect.stringContaining('node "total"') })
  })

  it('refuses weights that are missing, misshapen or not finite', async () => {
    const weights = weightsOf(smallModel())
    const { 'conv.kernel': kernel, ...without } = weights
    expect(await refused({ weights: without })).toMatchObject({
      code: 'MNAS_EXPORT_WEIGHTS',
      message: expect.stringContaining('"conv.kernel" does not fit the graph. Expected float32 [8, 3, 3, 3], received none'),
    })
    const misshapen = { ...weights, 'conv.kernel': { ...kernel!, shape: [3, 8, 3, 3] } }
    expect(await refused({ weights: misshapen })).toMatchObject({ code: 'MNAS_EXPORT_WEIGHTS' })
    const broken = { ...weights, 'norm.gamma': { ...weights['norm.gamma']!, data: new Float32Array(8).fill(Number.NaN) } }
    expect(await refused({ weights: broken })).toMatchObject({
      code: 'MNAS_EXPORT_WEIGHTS',
      message: expect.stringContaining('received NaN at position 0'),
    })
  })

  it('refuses unknown outputs, no outputs, unknown options and precisions', async () => {
    expect(await refused({ outputs: ['boxes'] })).toMatchObject({ code: 'MNAS_EXPORT_OUTPUT' })
    expect(await refused({ outputs: [] })).toMatchObject({ code: 'MNAS_EXPORT_OUTPUT' })
    expect(await refused({ options: { quantize: 'int8' } })).toMatchObject({ code: 'MNAS_EXPORT_OPTION' })
    expect(await refused({ precision: 'int8' })).toMatchObject({ code: 'MNAS_EXPORT_CALIBRATION' })
  })

  it('says when a file cannot be written', async () => {
    const graph = smallModel()
    const file = join(temporaryFolder(), 'model.tflite')
    await tfliteExporter.write(exportRequest({ graph, weights: weightsOf(graph), path: file }))
    const below = tfliteExporter.write(exportRequest({ graph, weights: weightsOf(graph), path: join(file, 'model.tflite') }))
    await expect(below).rejects.toMatchObject({ code: 'MNAS_FILE_WRITE' })
  })
})
