import { readFileSync } from 'node:fs'
import { architectureHash } from '@mnas/core/architecture'
import { createReporter } from '@mnas/core/events'
import { hashJson } from '@mnas/core/files'
import { costsOf, lower } from '@mnas/core/graph'
import { timingOf } from '@mnas/core/measurement'
import classification from '@mnas/plugin-classification'
import { leaseRun, mnasnetSpace, searchLoop } from '@mnas/plugin-search'
import soft from '../../packages/plugin-search/dist/objectives/soft-objective.js'
import evolution from '../../packages/plugin-search/dist/strategies/evolution-strategy.js'

/** Bytes given to the kernel for each of the next `trials` trained trials of a run: the whole loop, with a device and a training that answer at once. */
export async function bytesOfTrials(run, { trials, width, size }) {
  const leased = await leaseRun(run)
  const store = await leased.resume(leased.existing.settings)
  try {
    const { completed, stopped, failed, lost } = store.counts()
    const goOn = (more) => searchLoop(searchOf(store, completed + stopped + failed + lost + more, { width, size }))
    // The first measurements, and what is written once a session.
    await goOn(1)
    const before = bytesWritten()
    await goOn(1 + trials)
    return (bytesWritten() - before) / trials
  } finally {
    store.close()
  }
}

/** Linux alone says. */
const bytesWritten = () => Number(/wchar: (\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))[1])

function searchOf(store, trials, { width, size }) {
  const taskOptions = { classes: 4, dropout: 0.2 }
  const fidelity = { epochs: 1, scheduleEpochs: 1, inputSize: 32, headFilters: 256 }
  const fraction = (hash) => Number.parseInt(hash.slice(0, 8), 16) / 2 ** 32
  return {
    goal: {
      ...{
        size,
        width,
        targetMs: null,
        rangeMs: null,
        limits: {},
        seed: 1,
        trials,
        timeMs: undefined,
        patience: 1000,
        device: 'bench',
      },
    },
    task: classification,
    taskOptions,
    metric: 'top1',
    spaces: mnasnetSpace,
    strategies: evolution,
    objectives: soft,
    async measure(architecture) {
      const structure = architectureHash(architecture)
      const { macs, parameters } = costsOf(lower(architecture, classification))
      const latencyMs = 0.2 + macs / 1e7 + 0.01 * fraction(structure)
      const processes = Array.from({ length: 3 }, () => timingOf(Array(50).fill(Number(latencyMs.toFixed(4)))))
      const runtime = { name: 'bench', version: '1', sha256: structure }
      const summary = { latencyMs, spread: 0, stable: true, statistic: 'median', processes }
      const measurement = { ...summary, runtime, flags: {}, fingerprint: structure, before: {}, after: {} }
      return { structure, sizeBytes: 4 * parameters, measurement }
    },
    request: (architecture) => ({
      job: { architecture, data: 'data', recipe: {}, seed: 0, fidelity, start: { kind: 'scratch' } },
      plan: { engine: 'none', mode: 'standard', accelerator: 'cpu', threads: 1 },
      validate: false,
      keep: [],
    }),
    executor: {
      capacity: 1,
      async run({ job, plan }) {
        const metrics = { top1: fraction(hashJson(job)) }
        const nothing = { validation: null, details: null, history: [], step: 1, skipped: [], artefacts: {} }
        return { kind: 'completed', result: { metrics, plan, ...nothing } }
      },
      async close() {},
    },
    store,
    reporter: createReporter('silent'),
    signal: new AbortController().signal,
    pause: async () => undefined,
  }
}
