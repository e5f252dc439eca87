import { architectureHash } from '@mnas/core/architecture'
import type { JobEnd, LatencyMeasurement, TrialExecutor, TrialJob } from '@mnas/core/contracts'
import { createReporter } from '@mnas/core/events'
import { hashJson } from '@mnas/core/files'
import { costsOf, lower } from '@mnas/core/graph'
import { timingOf } from '@mnas/core/measurement'
import classification from '@mnas/plugin-classification'
import type { RunStore, Search, SearchTerms } from '@mnas/plugin-search'
import hard from '#internal/objectives/hard-objective.js'
import mnasnet from '#internal/space/mnasnet-space.js'
import evolution from '#internal/strategies/evolution-strategy.js'

/** A search without a device and without training: latencies follow from the multiply-adds, accuracies from the hash. */
export const taskOptions = { classes: 4, dropout: 0.2 }
export const size = 64
export const goal: SearchTerms = {
  size,
  targetMs: 1.2,
  rangeMs: null,
  limits: {},
  width: 'auto',
  seed: 3,
  trials: 6,
  timeMs: undefined,
  retrainTop: 0,
  patience: 200,
  device: 'test',
}
const fidelity = { epochs: 1, scheduleEpochs: 1, inputSize: 32, headFilters: 256 }

/** A device that answers from the multiply-adds, and remembers what it was asked. */
export function device(latencyOf = (macs: number, hash: string) => (0.2 + macs / 1e7) * (0.97 + 0.06 * fractionOf(hash))) {
  const timed: string[] = []
  const measure: Search['measure'] = async (architecture, effort) => {
    const hash = architectureHash(architecture)
    timed.push(`${hash} ${effort}`)
    const latencyMs = latencyOf(costsOf(lower(architecture, classification)).macs, hash)
    const measurement: LatencyMeasurement = {
      latencyMs,
      spread: 0,
      stable: true,
      statistic: 'median',
      processes: [timingOf([latencyMs])],
      runtime: { name: 'formula', version: '1', sha256: hashJson('formula') },
      flags: {},
      fingerprint: hashJson('formula'),
      before: {},
      after: {},
    }
    return { structure: hash, sizeBytes: 1000, measurement }
  }
  return { timed, measure }
}
export const fractionOf = (hash: string) => Number.parseInt(hash.slice(0, 8), 16) / 2 ** 32

/** Answers each job in this process with what `train` says, so many at once. */
export function executor(
  train: (job: TrialJob, id: string) => JobEnd | Promise<JobEnd>,
  capacity = 1,
): TrialExecutor & { readonly jobs: string[] } {
  const jobs: string[] = []
  return {
    jobs,
    capacity,
    blobs: { put: unused, get: unused, has: unused, delete: unused },
    async run({ job }, hear, signal) {
      const id = hashJson(job)
      jobs.push(id)
      hear({ kind: 'steps', epoch: 0, step: 1, steps: 2, imagesPerSecond: 10, metrics: { loss: 1 } })
      const end = await train(job, id)
      signal.throwIfAborted()
      return end
    },
    async close() {},
  }
}
const unused = () => Promise.reject(new Error('a search has nothing to do with blobs'))
const plan = { engine: 'none', mode: 'standard', accelerator: 'cpu', threads: 1 } as const
const accuracyOf = (job: TrialJob) => fractionOf(architectureHash(job.architecture))
export const completing = (job: TrialJob): JobEnd => ({
  kind: 'completed',
  result: {
    metrics: { top1: accuracyOf(job) },
    validation: null,
    details: null,
    history: [],
    step: 1,
    skipped: [],
    plan,
    artefacts: {},
  },
})

export function searchOf(store: RunStore, changes: Partial<Search> = {}): Search {
  return {
    goal,
    spaces: mnasnet,
    strategies: evolution,
    strategyOptions: {},
    objectives: hard,
    task: classification,
    taskOptions,
    headline: { name: 'top1', label: 'top-1', percent: true },
    learn: (metrics, ofFile) => (ofFile === undefined ? metrics : { ...metrics, top1: ofFile }),
    postProcessing: null,
    measure: device().measure,
    measuredAtOnce: 1,
    request: (architecture) => ({
      job: { architecture, data: 'data', recipe: {}, seed: 0, fidelity, start: { kind: 'scratch' } },
      plan,
      validate: false,
      keep: [],
    }),
    rungs: null,
    earlier: null,
    judge: null,
    precision: 'float32',
    executor: executor(completing),
    store,
    reporter: createReporter('silent'),
    signal: new AbortController().signal,
    pause: async () => undefined,
    ...changes,
  }
}
/** Keeps weights as its jobs are asked to, and remembers which were deleted. */
export function keeping(answer: (job: TrialJob) => JobEnd = completing) {
  const deleted: string[] = []
  const train = (job: TrialJob): JobEnd => {
    const end = answer(job)
    return end.kind === 'completed'
      ? { ...end, result: { ...end.result, artefacts: { weights: `weights of ${hashJson(job)}` } } }
      : end
  }
  const trainer = executor(train)
  return {
    deleted,
    executor: { ...trainer, blobs: { ...trainer.blobs, delete: async (hash: string) => void deleted.push(hash) } },
  }
}
export const completed = (store: RunStore) => store.trials().filter(({ outcome }) => outcome?.status === 'completed')
/** All that must be equal between an interrupted and an uninterrupted search: everything but the clock. */
export const essence = (store: RunStore) => ({
  trials: store.trials(),
  told: store.told(),
  state: store.state(),
  front: store.front(),
  measurements: store.measurements().map(({ structure, effort }) => `${structure} ${effort}`),
})
