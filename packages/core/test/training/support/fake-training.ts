import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type {
  Batch,
  BatchPlan,
  Dataset,
  Metrics,
  Position,
  Task,
  Tensor,
  TrainingEngine,
  TrainingProgress,
  TrialJob,
} from '@mnas/core/contracts'
import { initializeWeights } from '@mnas/core/graph'
import { crossEntropyObjective, tinyArchitecture, withClassifier } from '@mnas/core/testing'
import type { TrainingSetup } from '@mnas/core/training'
import { onTestFinished } from 'vitest'

/** What a fake session was asked to do, in order. */
export type Call = { readonly batch: string; readonly apply: boolean; readonly learningRate: number }

const number = (value: number): Tensor => ({ dtype: 'float32', shape: [1], data: Float32Array.of(value) })

/**
 * An engine whose only weight is a running hash of the batches it applied, so that any difference in what was done, or in which order, shows.
 * @param lossOf may answer NaN
 */
export function fakeEngine(calls: Call[], lossOf: (call: number) => number = () => 1): TrainingEngine {
  return {
    name: 'fake',
    plan: async () => plan,
    async compile(request) {
      let [weight, waiting, statistics] = [0, 0, 0]
      return {
        randomInputs: {},
        async step(inputs, { learningRate }, apply = true) {
          const batch = inputs['image']!.data[0]!
          calls.push({ batch: batch.toFixed(3), apply, learningRate })
          waiting = Math.fround(waiting * 3 + batch)
          statistics = Math.fround(statistics * 0.5 + batch) // as running statistics, it moves with every batch
          if (apply) [weight, waiting] = [Math.fround(weight * 0.7 + waiting + learningRate), 0]
          const loss = lossOf(calls.length)
          if (Number.isNaN(loss)) weight = Number.NaN
          return { loss }
        },
        weights: async () => initializeWeights(request.model, 1),
        load: async () => undefined,
        state: async () => ({ 'weight/w': number(weight), 'weight/s': number(statistics) }),
        async restore(state) {
          weight = state['weight/w']!.data[0]!
          statistics = state['weight/s']!.data[0]!
          waiting = 0
        },
        close: async () => undefined,
      }
    },
    compileInference: async () => ({
      load: async () => undefined,
      run: async () => ({}),
      batchStatistics: async () => ({}),
      close: async () => undefined,
    }),
  }
}

const plan = { engine: 'fake', mode: 'standard', accelerator: 'cpu', threads: 1 } as const

/** `perEpoch` training batches of two; the batch at (epoch, index) holds one number that says which it is. */
export function fakeDataset(perEpoch: number, opened: Position[] = []): Dataset {
  async function* batches(asked: BatchPlan, from: Position, _workers: number, signal: AbortSignal): AsyncGenerator<Batch> {
    if (!asked.training) return
    opened.push(from)
    for (let { epoch, index } = from; ; [epoch, index] = index + 1 === perEpoch ? [epoch + 1, 0] : [epoch, index + 1]) {
      signal.throwIfAborted()
      yield { position: { epoch, index }, inputs: { image: number(epoch + index / 1000) }, examples: [0, 1] }
    }
  }
  return {
    fingerprint: 'f',
    labels: ['a', 'b', 'c'],
    skipped: [],
    size: () => 2 * perEpoch,
    batchesPerEpoch: () => perEpoch,
    batches,
    close: async () => undefined,
  }
}

/** @param metricsOf what the nth evaluation says, from 1 */
function fakeTask(metricsOf: (evaluation: number) => Metrics): Task {
  let evaluations = 0
  return {
    name: 'classification',
    options: { parse: (options) => options },
    headlines: [{ name: 'top1', label: 'top-1', percent: true }],
    head: (backbone) => withClassifier(backbone, 3, 0),
    objective: () => crossEntropyObjective(3),
    metrics: () => ({ add: () => undefined, result: () => metricsOf(++evaluations) }),
  } as Partial<Task> as Task
}

export interface FakeTraining {
  readonly epochs: number
  readonly perEpoch: number
  readonly recipe?: Readonly<Record<string, number>>
  readonly folder: string
  readonly lossOf?: (call: number) => number
  readonly metricsOf?: (evaluation: number) => Metrics
  readonly checkpointsKept?: number
  readonly report?: (progress: TrainingProgress, abort: AbortController) => void
}

export function fakeTraining(options: FakeTraining): { setup: TrainingSetup; calls: Call[]; opened: Position[] } {
  const { epochs, perEpoch, folder } = options
  const architecture = tinyArchitecture('same', 'relu', 16)
  const job: TrialJob = {
    architecture,
    data: 'f',
    recipe: {
      optimizer: { kind: 'sgd', momentum: 0.9 },
      learningRate: { base: 0.1, schedule: 'cosine', warmupEpochs: 0 },
      epochs,
      batchSize: 2,
      weightDecay: 0,
      batchNormMomentum: 0.9,
      augmentation: {},
      loss: {},
      ...options.recipe,
    },
    seed: 1,
    fidelity: { epochs, scheduleEpochs: epochs, inputSize: 16, headFilters: architecture.head.filters },
    start: { kind: 'scratch' },
  }
  const calls: Call[] = []
  const opened: Position[] = []
  const abort = new AbortController()
  const setup: TrainingSetup = {
    engine: fakeEngine(calls, options.lossOf),
    task: fakeTask(options.metricsOf ?? (() => ({ top1: 0.5 }))),
    dataset: fakeDataset(perEpoch, opened),
    job,
    plan,
    folder,
    runtime: {
      workers: 0,
      whileWorking: (work) => work(),
      signal: abort.signal,
      checkpoints: { everyMs: Number.POSITIVE_INFINITY, kept: options.checkpointsKept ?? 1 },
    },
    report: (progress) => options.report?.(progress, abort),
  }
  return { setup, calls, opened }
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mnas-training-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}
