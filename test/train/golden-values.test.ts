import { readFile } from 'node:fs/promises'
import type { Graph, Optimizer, Tensor, Tensors } from '@mnas/core/contracts'
import { GraphBuilder, parametersOf } from '@mnas/core/graph'
import { averageDecayAt, learningRateAt, type Schedule } from '@mnas/core/training'
import engine from '@mnas/engine-onnx'
import classification from '@mnas/plugin-classification'
import { describe, expect, test } from 'vitest'

/** Computed by TensorFlow's own kernels and schedules: test/golden/training.py says which, and makes the file again. */
interface Golden {
  readonly source: string
  readonly batch: number
  readonly size: number
  readonly channels: number
  readonly filters: number
  readonly classes: number
  readonly optimizer: Optimizer
  readonly labelSmoothing: number
  readonly batchNormMomentum: number
  readonly batchNormEpsilon: number
  readonly averageDecay: number
  readonly start: Values
  readonly steps: readonly {
    readonly image: readonly number[]
    readonly labels: readonly number[]
    readonly learningRate: number
    readonly loss: number
    readonly weights: Values
    readonly average: Values
  }[]
  readonly schedules: Record<'steps' | 'exponential' | 'cosine', readonly number[]> &
    Record<'stepsPerEpoch' | 'warmupEpochs' | 'base' | 'epochs' | 'decayRate' | 'decayEpochs', number>
  readonly averageDecays: { readonly decay: number; readonly updates: readonly number[]; readonly decays: readonly number[] }
}
type Values = Readonly<Record<string, readonly number[]>>

const golden: Golden = JSON.parse(await readFile(new URL('../golden/training.json', import.meta.url), 'utf8'))

/** conv → batch norm → relu → pool → dense, as the script's `network`. */
function model(): Graph {
  const { size, channels, filters, classes } = golden
  const origin = { block: 'head', layer: 0, role: 'test' } as const
  const graph = new GraphBuilder()
  graph.input('image', { shape: [size, size, channels], dtype: 'float32', batched: true })
  const window = { kernel: [3, 3], strides: [2, 2], padding: [1, 1, 1, 1] } as const
  graph.add('conv2d', { id: 'conv', inputs: ['image'], attributes: { ...window, filters, bias: false }, origin })
  graph.add('batchNorm', { id: 'norm', inputs: ['conv'], attributes: { epsilon: golden.batchNormEpsilon }, origin })
  graph.add('relu', { id: 'active', inputs: ['norm'], attributes: {}, origin })
  graph.add('globalAveragePool', { id: 'pool', inputs: ['active'], attributes: { keepDims: false }, origin })
  graph.add('dense', { id: 'logits', inputs: ['pool'], attributes: { units: classes, bias: true }, origin })
  graph.output('logits', 'logits')
  return graph.build()
}

/** What this machine can do of both modes. */
const wishes = await Promise.all(
  (['standard', 'fast'] as const).map((mode) => engine.plan({ mode, threads: 1 }, model(), golden.batch)),
)
const plans = wishes.filter((plan, index) => wishes.findIndex(({ mode }) => mode === plan.mode) === index)

const tensor = (shape: readonly number[], values: readonly number[]): Tensor => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from(values),
})

/** The largest difference as a share of the largest golden value. */
function difference(received: Tensors, expected: Values): number {
  const shares = Object.entries(expected).map(([name, values]) => {
    const scale = Math.max(...values.map(Math.abs))
    return Math.max(...values.map((value, index) => Math.abs(value - received[name]!.data[index]!))) / scale
  })
  return Math.max(...shares)
}

describe(`golden values (${golden.source})`, () => {
  test.each(plans)('full steps: RMSProp, L2 penalty, statistics, average ($engine, $mode)', async (plan) => {
    const { batch, size, channels, classes, optimizer, batchNormMomentum } = golden
    const graph = model()
    const objective = classification.objective(graph, { classes, dropout: 0 }, { labelSmoothing: golden.labelSmoothing })
    const session = await engine.compile({
      model: graph,
      objective,
      optimizer,
      batchSize: batch,
      batchNormMomentum,
      frozen: [],
      plan,
    })
    try {
      const shapes = parametersOf(graph).map(({ name, shape }) => [name, tensor(shape, golden.start[name]!)])
      await session.load(Object.fromEntries(shapes))
      for (const [n, step] of golden.steps.entries()) {
        const inputs = {
          image: tensor([batch, size, size, channels], step.image),
          labels: tensor([batch, classes], step.labels),
          weight: tensor([batch], Array(batch).fill(1)),
        }
        const averageDecay = averageDecayAt(golden.averageDecay, n)
        const { loss } = await session.step(inputs, { learningRate: step.learningRate, averageDecay })
        expect(loss).toBeCloseTo(step.loss, 5)
        expect(difference(await session.weights('raw'), step.weights)).toBeLessThan(3e-5)
        expect(difference(await session.weights('average'), step.average)).toBeLessThan(3e-5)
      }
    } finally {
      await session.close()
    }
  })

  test('the schedules: linear warm-up, then staircase or cosine', () => {
    const { steps, stepsPerEpoch, epochs, base, warmupEpochs, decayRate, decayEpochs } = golden.schedules
    for (const kind of ['exponential', 'cosine'] as const) {
      const learningRate = { base, schedule: kind, warmupEpochs, decayRate, decayEpochs }
      const schedule: Schedule = { recipe: { learningRate, batchSize: 256, accumulate: 1 }, stepsPerEpoch, epochs }
      for (const [index, step] of steps.entries()) {
        const expected = golden.schedules[kind][index]!
        expect(Math.abs(learningRateAt(schedule, step) - expected)).toBeLessThan(1e-6 * base)
      }
    }
  })

  test("the average's warm-up", () => {
    const { decay, updates, decays } = golden.averageDecays
    for (const [index, n] of updates.entries()) expect(averageDecayAt(decay, n)).toBeCloseTo(decays[index]!, 6)
  })
})
