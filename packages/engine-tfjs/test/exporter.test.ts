import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExecutionPlan, Graph, Op } from '@mnas/core/contracts'
import { type WriteRequest, writeModelFile } from '@mnas/core/deployment'
import { GraphBuilder, initializeWeights, lowerBackbone } from '@mnas/core/graph'
import { exportRequest, opCases, randomizedStatistics, randomTensors, tinyArchitecture, withClassifier } from '@mnas/core/testing'
import engine, { tfjsExporter } from '@mnas/engine-tfjs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { execute, loadModel } from './support/converter-runtime.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mnas-tfjs-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const model = withClassifier(lowerBackbone(tinyArchitecture('same', 'relu', 17)), 5, 0.2)
const weights = randomizedStatistics(initializeWeights(model, 1), 2)
const write = (path: string, graph: Graph = model) =>
  tfjsExporter.write(
    exportRequest({ graph, weights: graph === model ? weights : initializeWeights(graph, 1), path: join(folder, path) }),
  )
const read = async (path: string) => JSON.parse(await readFile(join(folder, path, 'model.json'), 'utf8'))

describe('a written model', () => {
  it('answers for any batch as the engine does', async () => {
    const { path } = await write('model')
    const inputs = randomTensors(model.inputs, { batch: 3, seed: 4 })
    const plan: ExecutionPlan = { engine: 'tfjs', mode: 'standard', accelerator: 'tfjs-cpu', threads: 1 }
    const session = await engine.compileInference({ model, batchSize: 3, plan })
    await session.load(weights)
    const expected = (await session.run(inputs))['logits']!
    await session.close()
    const received = (await execute(await loadModel(path), inputs))['logits']!
    expect(received.shape).toEqual(expected.shape)
    const range = Math.max(...expected.data) - Math.min(...expected.data)
    expected.data.forEach((value, i) => {
      expect(Math.abs(received.data[i]! - value)).toBeLessThan(1e-5 * range)
    })
  })

  it('names inputs and outputs as the graph does, for any batch', async () => {
    await write('model')
    const { signature, format } = await read('model')
    expect(format).toBe('graph-model')
    expect(Object.keys(signature.inputs)).toEqual(Object.keys(model.inputs))
    expect(signature.outputs).toMatchObject({
      logits: { name: 'logits:0', tensorShape: { dim: [{ size: '-1' }, { size: '5' }] } },
    })
  })

  it('carries the labels and the way from a photo to the input, where TensorFlow.js finds them', async () => {
    const request = exportRequest({
      graph: model,
      weights,
      path: join(folder, 'model'),
      name: 'photos',
      labels: ['glass', 'Müll, grün'],
    })
    await tfjsExporter.write(request)
    const loaded = await loadModel(request.path)
    expect(loaded.metadata).toEqual({ name: 'photos', labels: ['glass', 'Müll, grün'], preprocessing: request.preprocessing })
    loaded.dispose()
  })

  it('says nothing of classes that nobody has named', async () => {
    await write('model')
    expect((await read('model')).userDefinedMetadata).not.toHaveProperty('labels')
  })

  it('has its batch norms folded and no op that a browser would not know', async () => {
    await write('model')
    const { modelTopology } = await read('model')
    const ops = new Set<string>(modelTopology.node.map((node: { op: string }) => node.op))
    expect([...ops].sort()).toEqual(
      [
        'Placeholder',
        'Const',
        'Conv2D',
        'DepthwiseConv2dNative',
        'BiasAdd',
        'Relu',
        'Sigmoid',
        'Mul',
        'AddV2',
        'Mean',
        'MatMul',
        'MaxPool',
      ]
        .filter((op) => ops.has(op))
        .sort(),
    )
    expect(ops).toContain('DepthwiseConv2dNative')
  })

  it('is cut into shards of 4 MiB', async () => {
    const builder = new GraphBuilder()
    builder.input('x', { shape: [1500], dtype: 'float32', batched: true })
    const origin = { block: 'head', layer: 0, role: 'test' } as const
    builder.output('y', builder.add('dense', { id: 'wide', inputs: ['x'], attributes: { units: 1000, bias: false }, origin }))
    const { path, sizeBytes } = await write('wide', builder.build())
    expect((await readdir(path)).sort()).toEqual(['group1-shard1of2.bin', 'group1-shard2of2.bin', 'model.json'])
    expect(sizeBytes).toBeGreaterThan(6e6)
    await loadModel(path)
  })

  it('holds an output that is an input, and two outputs of one node', async () => {
    const builder = new GraphBuilder()
    builder.input('x', { shape: [2], dtype: 'float32', batched: true })
    const origin = { block: 'head', layer: 0, role: 'test' } as const
    builder.add('abs', { id: 'size', inputs: ['x'], attributes: {}, origin })
    for (const [name, id] of [
      ['x', 'x'],
      ['first', 'size'],
      ['size', 'size'],
    ] as const)
      builder.output(name, id)
    const { path } = await write('model', builder.build())
    const x = { dtype: 'float32', shape: [1, 2], data: Float32Array.of(-3, 4) } as const
    const outputs = await execute(await loadModel(path), { x })
    const values = Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, [...data]]))
    expect(values).toEqual({ x: [-3, 4], first: [3, 4], size: [3, 4] })
  })
})

describe('the folder', () => {
  it('takes the place of an earlier export, and leaves nothing else', async () => {
    const first = await write('model')
    const second = await write('model')
    expect(second).toEqual(first)
    expect(await readdir(folder)).toEqual(['model'])
  })

  it('never takes the place of anything else', async () => {
    await mkdir(join(folder, 'model'))
    await writeFile(join(folder, 'model', 'holiday.jpg'), 'a photo')
    await expect(write('model')).rejects.toMatchObject({
      code: 'MNAS_FILE_WRITE',
      message: expect.stringContaining('holiday.jpg'),
    })
    expect(await readdir(join(folder, 'model'))).toEqual(['holiday.jpg'])
    expect(await readdir(folder)).toEqual(['model'])
  })

  it('does not appear when a file stands in its place', async () => {
    await writeFile(join(folder, 'model'), 'a file')
    await expect(write('model')).rejects.toMatchObject({ code: 'MNAS_FILE_WRITE' })
    expect(await readFile(join(folder, 'model'), 'utf8')).toBe('a file')
    expect(await readdir(folder)).toEqual(['model'])
  })
})

describe('what it cannot write', () => {
  const refused = (request: Partial<WriteRequest>) =>
    writeModelFile(tfjsExporter, exportRequest({ graph: model, weights, path: join(folder, 'model'), ...request }))

  it.each(['batchSum', 'rank'] satisfies Op[])('refuses %s by name', async (op) => {
    const { graph, weights: own } = opCases().find((opCase) => opCase.op === op)!
    await expect(refused({ graph, weights: own })).rejects.toMatchObject({
      code: 'MNAS_EXPORT_OP',
      message: expect.stringContaining(op),
    })
  })

  it('refuses unknown outputs, options and weights that are missing', async () => {
    await expect(refused({ outputs: ['probability'] })).rejects.toMatchObject({ code: 'MNAS_EXPORT_OUTPUT' })
    await expect(refused({ options: { quantize: 'int8' } })).rejects.toMatchObject({ code: 'MNAS_EXPORT_OPTION' })
    await expect(refused({ weights: {} })).rejects.toMatchObject({ code: 'MNAS_EXPORT_WEIGHTS' })
    expect(existsSync(join(folder, 'model'))).toBe(false)
  })
})
