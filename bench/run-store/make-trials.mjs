import { architectureHash } from '@mnas/core/architecture'
import { lower } from '@mnas/core/graph'
import { timingOf } from '@mnas/core/measurement'
import classification from '@mnas/plugin-classification'
import { estimateFacts, mnasnetSpace, operatorLatencyModel } from '@mnas/plugin-search'

/**
 * Trials that look like those of a search and need no device and no training: random genomes, made-up accuracies, latencies by the law of the replay
 * device, so that what a search learns from them is true of what it measures itself.
 */
export const axes = [
  { name: 'top1', better: 'more' },
  { name: 'latencyMs', better: 'less' },
]

const task = { name: 'classification', options: { classes: 4, dropout: 0.2 } }
export const spaceOf = (width, inputSize) => mnasnetSpace.create({ width, inputSize, task })

/** A small generator (mulberry32): the bench makes the same trials each time. */
export function randomOf(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

export const genomesOf = (space, random) => () =>
  space.canonical(space.decisions.map(({ choices }) => Math.floor(random() * choices.length)))

export function fittedModel(space, random) {
  const model = operatorLatencyModel()
  const genomeOf = genomesOf(space, random)
  const graphs = Array.from({ length: 9 }, () => lower(space.decode(genomeOf()), classification))
  model.fit(graphs.map((graph) => ({ graph, latencyMs: 1 + graph.nodes.length / 40 + random() })))
  return model
}

/** As replayLatencyMs has it, of a file of so many float32 parameters; what the file's structure decides there, chance does here. */
const replayed = (parameters, random) => (0.2 + (4 * 4 * parameters) / 1e6) * (0.9 + 0.2 * random())
/** Of the run that is filled. */
export const targetMs = 6

/**
 * Adds trials to an open run until it holds so many: of every ten, `trained` tenths were trained, the others too slow. Each leaves what a real one
 * leaves: architecture, two measurements with their samples, six events.
 */
export function addTrials(store, { until, trained, width, size, seed = 1 }) {
  const random = randomOf(seed)
  const space = spaceOf(width, size)
  const genomeOf = genomesOf(space, random)
  const estimate = estimateFacts(space, fittedModel(space, random), classification)
  const next = (isTrained) => {
    while (true) {
      const genome = genomeOf()
      const facts = estimate(genome)
      const latency = { ...facts.latency, latencyMs: replayed(facts.costs.parameters, random) }
      if (latency.latencyMs <= targetMs === isTrained && !store.trialOf(genome)) return { genome, facts: { ...facts, latency } }
    }
  }
  const has = Object.values(store.counts()).reduce((sum, count) => sum + count, 0)
  let added = has
  while (added < until) {
    store.transaction(() => {
      for (let inTransaction = 0; inTransaction < 500 && added < until; inTransaction++) {
        const isTrained = random() < trained
        const { genome, facts } = next(isTrained)
        addTrial(store, space, genome, facts, { number: added, isTrained, random })
        added++
      }
    }, false)
  }
}

function addTrial(store, space, genome, estimated, { number, isTrained, random }) {
  const architecture = space.decode(genome)
  const candidate = isTrained ? architectureHash(architecture) : architecture.name.padEnd(64, '0')
  const facts = { ...estimated, sizeBytes: null }
  const { id: trial } = store.addTrial({ proposal: number, candidate, genome, facts })
  store.addEvent({ kind: 'asked', trial, candidate, proposal: number })
  const told = { trial, proposal: number, genome }
  const ended = { kind: 'ended', trial, candidate, metric: null, reward: null, error: null, counted: number }
  if (isTrained) {
    const known = measured(store, architecture, candidate, trial, facts, random)
    const top1 = 0.5 + 0.4 * random() + 0.02 * Math.log(facts.costs.macs)
    const estimate = {
      metrics: { top1, top5: 0.9, balancedAccuracy: top1, loss: 1 - top1, count: 400 },
      fidelity: { epochs: 5, scheduleEpochs: 5, inputSize: 96, headFilters: 256 },
    }
    const values = [top1, known.latency.latencyMs]
    store.endTrial({ ...told, facts: known, status: 'completed', estimate, values, reward: top1 }, axes)
    store.addEvent({ ...ended, status: 'completed', latencyMs: values[1], metric: { name: 'top1', value: top1 }, reward: top1 })
  } else {
    store.endTrial({ ...told, facts, status: 'infeasible' }, axes)
    store.addEvent({ ...ended, status: 'infeasible', latencyMs: facts.latency.latencyMs })
  }
  store.addTold(trial, number)
}

function measured(store, architecture, candidate, trial, facts, random) {
  store.setArchitecture(trial, architecture)
  const { latencyMs } = facts.latency
  store.addFile({ candidate, structure: candidate, sizeBytes: 4 * facts.costs.parameters })
  for (const [effort, processes, runs] of [
    ['quick', 1, 10],
    ['full', 3, 50],
  ]) {
    const sample = () => Number((latencyMs * (1 + 0.02 * random())).toFixed(4))
    const timings = Array.from({ length: processes }, () => timingOf(Array.from({ length: runs }, sample)))
    const runtime = { name: 'bench', version: '1', sha256: candidate }
    const summary = { latencyMs, spread: 0.01, stable: true, statistic: 'median', processes: timings }
    const measurement = { ...summary, runtime, flags: {}, fingerprint: candidate, before: {}, after: {} }
    store.addMeasurement({ structure: candidate, effort, measurement })
    store.addEvent({ kind: 'measured', trial, candidate, effort, latencyMs, spread: 0.01, stable: true })
  }
  store.addEvent({ kind: 'latency-model', trial, networks: 300, meanError: 0.05, worstError: 0.1, margin: 0.1 })
  store.addEvent({ kind: 'training', trial, job: candidate })
  return { ...facts, latency: { latencyMs, source: 'measured', relativeError: 0 }, sizeBytes: 4 * facts.costs.parameters }
}
