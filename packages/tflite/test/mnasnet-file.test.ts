import { readFileSync } from 'node:fs'
import { namedArchitecture } from '@mnas/core/architecture'
import { lowerBackbone } from '@mnas/core/graph'
import { withClassifier } from '@mnas/core/testing'
import { describe, expect, it } from 'vitest'
import { exported, withSoftmax } from './support/models.js'
import { type ReadModel, readTflite } from './support/read-tflite.js'

/** MnasNet-A1 at 224 px with its softmax, as reference/tflite.md §7 compares it with the official converter's file. */
const graph = withSoftmax(withClassifier(lowerBackbone(namedArchitecture('mnasnet-a1')), 1000, 0.2))

/** The official converter's operators for A1, in order: [expansion, squeeze-excite, layers, skip in the first layer too]. */
function expectedOps(): string[] {
  const layer = (expands: boolean, squeezes: boolean, skips: boolean) => [
    ...(expands ? ['CONV_2D'] : []),
    'DEPTHWISE_CONV_2D',
    ...(squeezes ? ['MEAN', 'CONV_2D', 'CONV_2D', 'LOGISTIC', 'MUL'] : []),
    'CONV_2D',
    ...(skips ? ['ADD'] : []),
  ]
  const rows: [repeats: number, expands: boolean, squeezes: boolean][] = [
    [1, false, false],
    [2, true, false],
    [3, true, true],
    [4, true, false],
    [2, true, true],
    [3, true, true],
    [1, true, false],
  ]
  const blocks = rows.flatMap(([repeats, expands, squeezes]) =>
    Array.from({ length: repeats }, (_, index) => layer(expands, squeezes, index > 0)).flat(),
  )
  return ['CONV_2D', ...blocks, 'CONV_2D', 'MEAN', 'FULLY_CONNECTED', 'SOFTMAX']
}

describe('the file of MnasNet-A1', () => {
  let read: Promise<{ model: ReadModel; sizeBytes: number }> | undefined
  const a1 = () => {
    read ??= exported(graph).then(({ path, sizeBytes }) => ({ model: readTflite(readFileSync(path)), sizeBytes }))
    return read
  }

  it('has the official converter’s 101 operators, in its order', async () => {
    const { model } = await a1()
    expect(model.operators.map(({ op }) => op)).toEqual(expectedOps())
    expect(model.operators).toHaveLength(101)
    expect(new Set(model.operators.map(({ version }) => version))).toEqual(new Set([1]))
  })

  it('is no larger than the official 15,532,348 bytes, and holds all weights', async () => {
    const { sizeBytes } = await a1()
    expect(sizeBytes).toBeLessThan(15_532_348)
    expect(sizeBytes).toBeGreaterThan(15_450_000)
  })

  it('aligns every buffer to 16 bytes', async () => {
    const { model } = await a1()
    const used = model.buffers.filter((buffer) => buffer !== null)
    expect(used.length).toBeGreaterThan(100)
    expect(used.filter(({ position }) => position % 16 !== 0)).toEqual([])
    expect(model.buffers[0]).toBeNull()
  })

  it('uses SAME everywhere, fuses each ReLU into its convolution and leaves projections linear', async () => {
    const { model } = await a1()
    const convolutions = model.operators.filter(({ op }) => op === 'CONV_2D' || op === 'DEPTHWISE_CONV_2D')
    expect(new Set(convolutions.map(({ int8 }) => int8(0)))).toEqual(new Set([0]))
    const relu = convolutions.filter(({ op, int8 }) => int8(op === 'CONV_2D' ? 3 : 4) === 1)
    // 16 depthwise, 15 expansions, 8 squeezes, stem and head.
    expect(relu).toHaveLength(16 + 15 + 8 + 2)
  })

  it('shares one axes constant between all means', async () => {
    const { model } = await a1()
    const axes = model.operators.filter(({ op }) => op === 'MEAN').map(({ inputs }) => inputs[1])
    expect(axes).toHaveLength(9)
    expect(new Set(axes).size).toBe(1)
  })

  it('names each value by its graph node, and no two tensors alike', async () => {
    const { model } = await a1()
    const ids = new Set(graph.nodes.map(({ id }) => id))
    const names = model.tensors.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    const results = model.operators.flatMap(({ outputs }) => outputs).map((tensor) => model.tensors[tensor]!.name)
    expect(results.filter((name) => !ids.has(name))).toEqual([])
  })

  it('carries the signature, the description and the runtime version', async () => {
    const { model } = await a1()
    expect(model.description).toBe('mnas')
    expect(model.signature.key).toBe('serving_default')
    expect(Object.keys(model.signature.inputs)).toEqual(Object.keys(graph.inputs))
    expect(Object.values(model.signature.inputs)).toEqual(model.inputs)
    expect(model.signature.outputs).toEqual({ probabilities: model.outputs[0] })
    expect(model.buffers[model.metadata['min_runtime_version']!]!.length).toBe(16)
  })
})
