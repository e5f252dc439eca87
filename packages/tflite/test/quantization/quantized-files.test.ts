import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { namedArchitecture, scaleArchitecture } from '@mnas/core/architecture'
import type { JsonObject, Precision } from '@mnas/core/contracts'
import { writeModelFile } from '@mnas/core/deployment'
import { lowerBackbone } from '@mnas/core/graph'
import { exportRequest, withClassifier } from '@mnas/core/testing'
import { tfliteExporter } from '@mnas/tflite'
import { describe, expect, it } from 'vitest'
import { drawnCalibration } from '../support/calibration.js'
import { temporaryFolder, weightsOf, withSoftmax } from '../support/models.js'
import { readTflite } from '../support/read-tflite.js'

/** MnasNet-A1 with its softmax: a file's size and operators are the same at 224 px, for which the official converter's are known. */
const a1At64 = scaleArchitecture(namedArchitecture('mnasnet-a1'), { inputSize: 64 })
const graph = withSoftmax(withClassifier(lowerBackbone(a1At64), 1000, 0.2))
const weights = weightsOf(graph)
const calibration = drawnCalibration(graph)

const written = new Map<string, ReturnType<typeof write>>()
function a1(precision: Precision, options = {}) {
  const key = JSON.stringify([precision, options])
  const known = written.get(key) ?? write(precision, options)
  written.set(key, known)
  return known
}

async function write(precision: Precision, options: JsonObject) {
  const path = join(temporaryFolder(), 'a1.tflite')
  const file = await writeModelFile(tfliteExporter, {
    ...exportRequest({ graph, weights, path }),
    precision,
    options,
    calibration,
  })
  const model = readTflite(readFileSync(path))
  const count = (op: string) => model.operators.filter((operator) => operator.op === op).length
  const versions = (op: string) => [...new Set(model.operators.filter((one) => one.op === op).map(({ version }) => version))]
  return { file, model, count, versions }
}

describe('the quantised files of MnasNet-A1', () => {
  it('float16: half the size, kernels and biases brought back by DEQUANTIZE v3', async () => {
    const { file, model, count, versions } = await a1('float16')
    expect(file.sizeBytes).toBeLessThan(7_820_656)
    // 66 layers; random biases that are equal exist once, so that there are fewer than the official 132.
    expect(model.operators).toHaveLength(101 + count('DEQUANTIZE'))
    expect(count('DEQUANTIZE')).toBeGreaterThan(66)
    expect(versions('DEQUANTIZE')).toEqual([3])
    expect(versions('CONV_2D')).toEqual([1])
    expect(file.recipe).toBeUndefined()
  })

  it('weights: a quarter, each kernel brought back by DEQUANTIZE v5', async () => {
    const { file, count, versions } = await a1('weights')
    expect(file.sizeBytes).toBeLessThan(0.28 * 15_503_600)
    expect([count('DEQUANTIZE'), versions('DEQUANTIZE')]).toEqual([66, [5]])
    expect(file.recipe).toEqual({ biasCorrected: true, compensated: false, images: 1, tried: 0 })
  })

  it('dynamic: all weights in 8 bits; convolutions and dense layers compute in them where an input value is read 64 times', async () => {
    const { file, model, count } = await a1('dynamic')
    expect(file.sizeBytes).toBeLessThan(4_259_760)
    expect(model.operators).toHaveLength(101 + count('DEQUANTIZE'))
    const shapeOf = (tensor: number | undefined) => model.tensors[tensor!]!.shape
    for (const { op, version, inputs, outputs } of model.operators) {
      if (op === 'DEPTHWISE_CONV_2D') expect(version).toBe(1)
      if (op !== 'CONV_2D' && op !== 'FULLY_CONNECTED') continue
      const [input, kernel, output] = [shapeOf(inputs[0]), shapeOf(inputs[1]), shapeOf(outputs[0])]
      const [, side = 1] = input
      const [, outputSide = 1] = op === 'CONV_2D' ? output : []
      const reads = op === 'CONV_2D' ? kernel[0]! * kernel[1]! * kernel[2]! * (outputSide / side) ** 2 : kernel[0]!
      const inIntegers = op === 'CONV_2D' ? 5 : 12
      expect([op, kernel, version === inIntegers]).toEqual([op, kernel, reads >= 64])
    }
  })

  it('int8: the official 103 operators and versions, in a smaller file', async () => {
    const { file, model, count, versions } = await a1('int8')
    expect(file.sizeBytes).toBeLessThan(4_522_080)
    expect(model.operators).toHaveLength(103)
    expect(model.operators[0]!.op).toBe('QUANTIZE')
    expect(model.operators.slice(-2).map(({ op }) => op)).toEqual(['DEQUANTIZE', 'SOFTMAX'])
    const official = {
      CONV_2D: 3,
      DEPTHWISE_CONV_2D: 3,
      FULLY_CONNECTED: 4,
      ADD: 2,
      MUL: 2,
      MEAN: 2,
      LOGISTIC: 2,
      QUANTIZE: 1,
      DEQUANTIZE: 2,
    }
    for (const [op, version] of Object.entries(official)) expect([op, versions(op)]).toEqual([op, [version]])
    expect(count('QUANTIZE') + count('DEQUANTIZE')).toBe(2)
    expect(file.inputs).toMatchObject([{ dtype: 'float32', affine: null }])
  })

  it.each([
    ['uint8', ['QUANTIZE', 'QUANTIZE']],
    ['int8', ['CONV_2D', 'QUANTIZE']],
  ] as const)('int8 with %s inputs and outputs says what its integers stand for', async (io, [first, last]) => {
    const { file, model } = await a1('int8', { io })
    expect([model.operators[0]!.op, model.operators.at(-1)!.op]).toEqual([first, last])
    const [input, output] = [file.inputs[0]!, file.outputs[0]!]
    expect([input.dtype, output.dtype]).toEqual([io, io])
    expect(output).toMatchObject({ name: 'probabilities', affine: { scale: [1 / 256], zeroPoint: [io === 'uint8' ? 0 : -128] } })
    expect(input.affine?.scale[0]).toBeGreaterThan(0)
  })

  it('names each value by its graph node, and no two tensors alike', async () => {
    const ids = new Set([...graph.nodes.map(({ id }) => id), ...Object.keys(graph.inputs)])
    for (const precision of ['float16', 'weights', 'dynamic', 'int8'] as const) {
      const { model } = await a1(precision)
      const names = model.tensors.map(({ name }) => name)
      expect(new Set(names).size).toBe(names.length)
      const results = model.operators
        .filter(({ op }) => op !== 'DEQUANTIZE' && op !== 'QUANTIZE')
        .flatMap(({ outputs }) => outputs)
      expect(results.map((tensor) => model.tensors[tensor]!.name).filter((name) => !ids.has(name))).toEqual([])
    }
  })

  it('has a structure of its own for each precision and its options, whatever the weights', async () => {
    const wishes = [['float32'], ['float16'], ['weights'], ['dynamic'], ['int8'], ['int8', { io: 'uint8' }]] as const
    const structures: string[] = []
    for (const [precision, options] of wishes) structures.push((await a1(precision, options)).file.structure)
    expect(new Set(structures).size).toBe(wishes.length)
  })
})
