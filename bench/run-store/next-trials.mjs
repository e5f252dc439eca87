import { readFileSync } from 'node:fs'
import { architectureHash } from '@mnas/core/architecture'
import { createReporter } from '@mnas/core/events'
import { hashJson } from '@mnas/core/files'
import { costsOf, lower } from '@mnas/core/graph'
import { timingOf } from '@mnas/core/measurement'
import classification from '@mnas/plugin-classification'
import { leaseRun, mnasnetSpace, searchLoop } from '@mnas/plugin-search'
import soft from '../../packages/plugin-search/dist/objectives/soft-objective.js'
import random from '../../packages/plugin-search/dist/strategies/random-strategy.js'

/**
 * What each of the next `trials` trained trials of a run costs: the whole loop, with a device and a training that answer at once and a strategy that
 * draws at random.
 * @returns bytes given to the kernel; milliseconds of scheduling, processor and clock: all but the made-up device's own work and the strategy's asking, means from the first
 * training to the last
 */
export async function costOfTrials(run, { trials, width, size }) {
  const leased = await leaseRun(run)
  const store = await leased.resume(leased.existing.settings)
  try {
    const { completed, stopped, failed, lost } = store.counts()
    const meter = { trainings: [], otherCpu: 0, otherClock: 0 }
    // The state is that of the strategy that began the run.
    const stateless = { ...store, state: () => null }
    const goOn = (more) => searchLoop(searchOf(stateless, completed + stopped + failed + lost + more, { width, size }, meter))
    // The first measurements, and what is written once a session.
    await goOn(1)
    const before = bytesWritten()
    await goOn(1 + trials)
    const bytes = (bytesWritten() - before) / trials
    const [first, last] = [meter.trainings[1], meter.trainings.at(-1)]
    const each = (name, other) => (last[name] - first[name] - (last[other] - first[other])) / (trials - 1)
    return { bytes, cpuMs: each('cpu', 'otherCpu'), clockMs: each('clock', 'otherClock') }
  } finally {
    store.close()
  }
}

/** Milliseconds of this process. */
function cpuNow() {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Linux alone says. */
const bytesWritten = () => Number(/wchar: (\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))[1])

/** Its proposals count as its own arithmetic. */
function metered(strategies, meter) {
  return {
    ...strategies,
    create(...given) {
      const strategy = strategies.create(...given)
      return {
        ...strategy,
        async ask(n) {
          const [cpu, clock] = [cpuNow(), performance.now()]
          const asked = await strategy.ask(n)
          meter.otherCpu += cpuNow() - cpu
          meter.otherClock += performance.now() - clock
          return asked
        },
      }
    },
  }
}

function searchOf(store, trials, { width, size }, meter) {
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
        retrainTop: 0,
        patience: 1000,
        device: 'bench',
      },
    },
    task: classification,
    taskOptions,
    headline: { name: 'top1', label: 'top-1', percent: true },
    learn: (metrics) => metrics,
    judge: null,
    postProcessing: null,
    measuredAtOnce: 1,
    strategyOptions: {},
    spaces: mnasnetSpace,
    strategies: metered(random, meter),
    objectives: soft,
    async measure(architecture) {
      const [cpu, clock] = [cpuNow(), performance.now()]
      const structure = architectureHash(architecture)
      const { macs, parameters } = costsOf(lower(architecture, classification))
      const latencyMs = 0.2 + macs / 1e7 + 0.01 * fraction(structure)
      const processes = Array.from({ length: 3 }, () => timingOf(Array(50).fill(Number(latencyMs.toFixed(4)))))
      const runtime = { name: 'bench', version: '1', sha256: structure }
      const summary = { latencyMs, spread: 0, stable: true, statistic: 'median', processes }
      const measurement = { ...summary, runtime, flags: {}, fingerprint: structure, before: {}, after: {} }
      meter.otherCpu += cpuNow() - cpu
      meter.otherClock += performance.now() - clock
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
        const { otherCpu, otherClock } = meter
        meter.trainings.push({ cpu: cpuNow(), clock: performance.now(), otherCpu, otherClock })
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
