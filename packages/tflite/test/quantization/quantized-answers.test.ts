import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { namedArchitecture, scaleArchitecture } from '@mnas/core/architecture'
import type { AskedFile, JsonObject, Precision, StartedRuntime, Tensors } from '@mnas/core/contracts'
import { writeModelFile } from '@mnas/core/deployment'
import { hashBytes } from '@mnas/core/files'
import { lowerBackbone } from '@mnas/core/graph'
import {
  exportRequest,
  interpret,
  randomizedStatistics,
  randomTensors,
  testSurroundings,
  withClassifier,
} from '@mnas/core/testing'
import { tfliteExporter } from '@mnas/tflite'
import { afterAll, describe, expect, it } from 'vitest'
import { channelScales, equalized } from '#internal/calibration/equalize.js'
import { valueStatistics } from '#internal/calibration/value-statistics.js'
import { modelTensors } from '#internal/flatbuffer/model-tensors.js'
import { writeModel } from '#internal/flatbuffer/write-model.js'
import { fileLayers, lowerLayers } from '#internal/lowering/lower-layers.js'
import { answersOf, interpretedCalibration } from '../support/calibration.js'
import { smallModel, temporaryFolder, weightsOf, withSoftmax } from '../support/models.js'
import { testedRuntimes } from '../support/runtimes.js'

const architecture = scaleArchitecture(namedArchitecture('mnasnet-a1'), { inputSize: 32, width: 0.35 })
const graph = withSoftmax(withClassifier(lowerBackbone(architecture), 10, 0.2))
const weights = weightsOf(graph)
const images = (count: number, seed: number): readonly Tensors[] =>
  Array.from({ length: count }, (_, i) => randomTensors(graph.inputs, { batch: 1, seed: seed + i }))
const [seen, unseen] = [images(6, 100), images(4, 200)]
const expected = unseen.map((inputs) => interpret(graph, { inputs, weights, mode: 'inference' }).outputs['probabilities']!.data)
const ids = Object.keys(graph.inputs)
const observed = interpretedCalibration({ graph, weights, inputs: seen })

async function written(precision: Precision, options: JsonObject = {}, distance?: (file: AskedFile) => Promise<number | null>) {
  const path = join(temporaryFolder(), 'model.tflite')
  const calibration = { ...observed, ...(distance && { distance }) }
  return writeModelFile(tfliteExporter, { ...exportRequest({ graph, weights, path }), precision, options, calibration })
}

/** The largest difference of a probability, over all images. */
const worst = (answers: readonly Tensors[]): number =>
  Math.max(
    ...answers.flatMap(({ probabilities }, image) => [...probabilities!.data].map((p, i) => Math.abs(p - expected[image]![i]!))),
  )

const expectedOfSeen = seen.map(
  (inputs) => interpret(graph, { inputs, weights, mode: 'inference' }).outputs['probabilities']!.data,
)

/** The mean difference of a probability on the images that calibrate. */
const nearness = (runtime: StartedRuntime) => async (file: AskedFile) => {
  const answers = await answersOf(runtime, file, seen)
  const errors = answers.flatMap(({ probabilities }, image) =>
    [...probabilities!.data].map((p, i) => Math.abs(p - expectedOfSeen[image]![i]!)),
  )
  return errors.reduce((sum, error) => sum + error, 0) / errors.length
}

/** Takes one of the files for the nearest, counted from 1. */
function preferring(wanted: number) {
  let asked = 0
  return async () => (++asked === wanted ? 0 : 1)
}

/** Integers as what they stand for, both ways. */
const asBytes = ({ inputs: [declared] }: AskedFile, inputs: readonly Tensors[]): readonly Tensors[] =>
  inputs.map(({ image }) => {
    const { scale, zeroPoint } = declared!.affine!
    const data = Uint8Array.from(image!.data, (value) =>
      Math.min(255, Math.max(0, Math.round(value / scale[0]!) + zeroPoint[0]!)),
    )
    return { image: { dtype: 'uint8', shape: image!.shape, data } }
  })

for (const { name, missing, create } of await testedRuntimes()) {
  describe.skipIf(missing)(`quantised files through ${name}`, () => {
    const runtime = create().start!(testSurroundings())
    afterAll(() => runtime.close())

    it.each([
      ['float16', 2e-3],
      ['weights', 0.02],
      ['dynamic', 0.03],
      // Of a network with drawn statistics, whose values lie further apart than those of a trained one.
      ['int8', 0.1],
    ] as const)('%s answers as the model does', async (precision, most) => {
      const file = await written(precision, {}, nearness(runtime))
      const error = worst(await answersOf(runtime, file, unseen))
      expect(error).toBeLessThan(most)
      expect(error).toBeGreaterThan(0)
    })

    it('int8 takes and gives bytes that stand for the same numbers', async () => {
      const file = await written('int8', { io: 'uint8' }, preferring(2))
      const exact = await written('int8', {}, preferring(2))
      expect([file.recipe?.['ranges'], exact.recipe?.['ranges']]).toEqual(['typical', 'typical'])
      const same = await answersOf(runtime, exact, unseen)
      const answers = await answersOf(runtime, file, asBytes(file, unseen))
      const { scale, zeroPoint } = file.outputs[0]!.affine!
      const real = answers.map(({ probabilities }) => ({
        probabilities: {
          ...probabilities!,
          data: Float32Array.from(probabilities!.data, (q) => scale[0]! * (q - zeroPoint[0]!)),
        },
      }))
      // The same file but for its ends: a pixel and a probability are rounded once more.
      const apart = real.flatMap(({ probabilities }, image) =>
        [...probabilities.data].map((p, i) => Math.abs(p - same[image]!['probabilities']!.data[i]!)),
      )
      expect(Math.max(...apart)).toBeLessThan(0.03)
    })

    it('int8 runs where a value was 0 on every image', async () => {
      const small = smallModel()
      const drawn = weightsOf(small)
      const dead: Tensors = { ...drawn, 'norm.beta': { ...drawn['norm.beta']!, data: new Float32Array(8).fill(-1e4) } }
      const inputs = [1, 2].map((seed) => randomTensors(small.inputs, { batch: 1, seed }))
      const path = join(temporaryFolder(), 'dead.tflite')
      const calibration = interpretedCalibration({ graph: small, weights: dead, inputs })
      const request = {
        ...exportRequest({ graph: small, weights: dead, path }),
        precision: 'int8' as const,
        options: {},
        calibration,
      }
      const answers = await answersOf(runtime, await writeModelFile(tfliteExporter, request), inputs)
      const { data: bias } = drawn['logits.bias']!
      for (const { logits } of answers)
        for (const [unit, value] of logits!.data.entries()) expect(Math.abs(value - bias[unit]!)).toBeLessThan(0.02)
    })

    it('int8 runs with weights whose errors cancel', async () => {
      const file = await written('int8', {}, preferring(16))
      expect(file.recipe).toMatchObject({ compensated: true, tried: 17 })
      expect(worst(await answersOf(runtime, file, unseen))).toBeLessThan(0.1)
    })

    it('an equalised network is the same function', async () => {
      const layers = fileLayers(graph, weights)
      const statistics = await valueStatistics(observed.observe([...ids, ...layers.layers.map(({ id }) => id)]))
      const scales = channelScales(layers, ids, statistics, 0.5)
      expect(scales.size).toBeGreaterThan(40)
      const model = lowerLayers(graph, equalized(layers, scales))
      const path = join(temporaryFolder(), 'equalised.tflite')
      writeFileSync(path, writeModel(model))
      const error = worst(
        await answersOf(runtime, { format: 'tflite', path, preprocessing: null, ...modelTensors(model) }, unseen),
      )
      expect(error).toBeLessThan(1e-5)
    })

    it('so is one with ReLU6, on the images that were seen', async () => {
      const clipped = withSoftmax(
        withClassifier(
          lowerBackbone(scaleArchitecture(namedArchitecture('mobilenet-v2'), { inputSize: 32, width: 0.35 })),
          10,
          0.2,
        ),
      )
      const own = weightsOf(clipped)
      const layers = fileLayers(clipped, own)
      const observe = interpretedCalibration({ graph: clipped, weights: own, inputs: seen.slice(0, 3) }).observe
      const statistics = await valueStatistics(observe([...ids, ...layers.layers.map(({ id }) => id)]))
      const scales = channelScales(layers, ids, statistics, 1)
      const even = layers.layers.filter(
        ({ id, activation }) => activation === 'relu6' && scales.get(id)?.some((one) => one < 0.9),
      )
      expect(even.length).toBeGreaterThan(10)
      const model = lowerLayers(clipped, equalized(layers, scales))
      const path = join(temporaryFolder(), 'clipped.tflite')
      writeFileSync(path, writeModel(model))
      const file = { format: 'tflite', path, preprocessing: null, ...modelTensors(model) }
      const answers = await answersOf(runtime, file, seen.slice(0, 3))
      for (const [index, { probabilities }] of answers.entries()) {
        const { outputs } = interpret(clipped, { inputs: seen[index]!, weights: own, mode: 'inference' })
        for (const [i, p] of probabilities!.data.entries()) expect(p).toBeCloseTo(outputs['probabilities']!.data[i]!, 4)
      }
    })
  })
}

describe('the recipe of a file', () => {
  it.each([
    [8, { ranges: 'quantile .99999', equalized: 1, biasCorrected: true, compensated: false }],
    [12, { ranges: 'typical', equalized: 0, biasCorrected: true, compensated: false }],
    // The nearest of the others with errors that cancel, and without its correction.
    [16, { ranges: 'twice typical', equalized: 0.5, biasCorrected: true, compensated: true }],
    [17, { ranges: 'twice typical', equalized: 0.5, biasCorrected: false, compensated: false }],
  ])('is the one whose file is nearest, of all that are worth a try: the %d.', async (nearest, expected) => {
    const asked: AskedFile[] = []
    const { recipe } = await written('int8', {}, async (file) => {
      asked.push(file)
      return asked.length === nearest ? 0.001 : asked.length
    })
    expect(asked).toHaveLength(17)
    expect(recipe).toEqual({ ...expected, images: 6, distance: 0.001, tried: 17 })
  })

  it('tries weights with and without corrected biases, and with errors that cancel', async () => {
    const { recipe } = await written('weights', {}, async () => 0.5)
    expect(recipe).toEqual({ biasCorrected: true, compensated: false, images: 6, distance: 0.5, tried: 3 })
  })

  it('is computed in pieces, between which this computer may time something', async () => {
    let pieces = 0
    const whileWorking = async <T>(work: () => Promise<T>) => {
      pieces++
      return work()
    }
    const path = join(temporaryFolder(), 'model.tflite')
    const request = { ...exportRequest({ graph, weights, path }), precision: 'int8', options: {} } as const
    await writeModelFile(tfliteExporter, { ...request, calibration: { ...observed, distance: async () => 1, whileWorking } })
    // Ranges, then how often each value, then what the weights are multiplied by, image by image; and each file.
    expect(pieces).toBeGreaterThanOrEqual(3 * seen.length + 17)
  })

  it('is found by files that nobody else touches, whoever writes to the same place meanwhile', async () => {
    const path = join(temporaryFolder(), 'model.tflite')
    /** Hashes of the files that were asked. @param meet before each is read */
    const asked = async (of: Tensors, meet: () => Promise<void>) => {
      const hashes: string[] = []
      const distance = async (file: AskedFile) => {
        await meet()
        hashes.push(hashBytes(readFileSync(file.path)))
        return 0.5
      }
      const request = { ...exportRequest({ graph, weights: of, path }), precision: 'weights', options: {} } as const
      await writeModelFile(tfliteExporter, { ...request, calibration: { ...observed, distance } })
      return hashes
    }
    const others = randomizedStatistics(weights, 3)
    const alone = async () => undefined
    const expected = [await asked(weights, alone), await asked(others, alone)]
    const together = inPairs()
    expect(await Promise.all([asked(weights, together), asked(others, together)])).toEqual(expected)
    expect(expected[0]).not.toEqual(expected[1])
  })
})

/** Whoever calls it waits for another who does. */
function inPairs(): () => Promise<void> {
  let first: (() => void) | null = null
  return () =>
    new Promise<void>((resolve) => {
      if (first) {
        first()
        first = null
        resolve()
      } else first = resolve
    })
}
