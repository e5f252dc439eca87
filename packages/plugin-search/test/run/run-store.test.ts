import type { Architecture } from '@mnas/core/architecture'
import type { LatencyMeasurement } from '@mnas/core/contracts'
import type { RunStore } from '@mnas/plugin-search'
import { describe, expect, it } from 'vitest'
import { ask, axes, complete, factsAt, fidelity } from '../support/made-up-trials.js'
import { temporaryRuns } from '../support/temporary-runs.js'

const { openStore, close } = temporaryRuns()
const architecture = { version: 1, name: 'x' } as unknown as Architecture
const measurement = { latencyMs: 3, spread: 0.01, stable: true } as LatencyMeasurement
const error = { code: 'X', message: 'x', exitCode: 6 }

type EndedOutcome = Parameters<RunStore['endTrial']>[0]

describe('a run store', () => {
  it('gives back on resume all that was recorded', async () => {
    const store = await openStore()
    const trial = ask(store, [1, 2])
    store.setArchitecture(trial.id, architecture)
    store.addEvent({ kind: 'asked', trial: trial.id, candidate: 'c1', proposal: 0 })
    store.setFacts(trial.id, factsAt(5))
    const told = { trial: 1, proposal: 1, genome: [1, 2], facts: factsAt(5) }
    store.endTrial({ ...told, status: 'infeasible' }, axes)
    store.addTold(trial.id, 1)
    store.addFile({ candidate: 'c1', structure: 's', sizeBytes: 4 })
    store.addMeasurement({ structure: 's', effort: 'full', measurement })
    const tensors = { weights: { dtype: 'float32', shape: [2], data: Float32Array.of(0.1, -2) } } as const
    store.setState({ json: { random: [1, 2, 3, 4] }, tensors })
    close(store)

    const again = await openStore()
    const outcome = { ...told, status: 'infeasible' }
    expect(again.trials()).toEqual([{ ...trial, facts: factsAt(5), outcome }])
    expect(again.trialOf([1, 2])?.id).toBe(1)
    expect(again.trialOf([2, 1])).toBeNull()
    expect(again.architecture(1)).toEqual(architecture)
    expect(again.architecture(2)).toBeNull()
    expect(again.told()).toEqual([outcome])
    expect(again.file('c1')).toEqual({ candidate: 'c1', structure: 's', sizeBytes: 4 })
    expect(again.measurement('s', 'full')?.measurement).toEqual(measurement)
    expect(again.measurement('s', 'quick')).toBeNull()
    expect(again.state()).toEqual({ json: { random: [1, 2, 3, 4] }, tensors })
    expect(again.events()).toMatchObject([{ id: 1, kind: 'asked', trial: 1, candidate: 'c1' }])
    expect(again.activeMs()).toBeGreaterThanOrEqual(0)
  })

  it('keeps what each rung said, with paused outcomes among what was told', async () => {
    const store = await openStore()
    const { id: trial, proposal, genome, facts } = ask(store, [1, 7])
    const told = { trial, proposal, genome, facts }
    const at = (top1: number) => ({ estimate: { metrics: { top1 }, fidelity }, values: [top1, 3] })
    const paused = { ...told, status: 'paused', rung: 0, ...at(0.4) } as const
    store.pauseTrial(paused, 'weights')
    store.addTold(trial, proposal, 0)
    expect(store.pending()).toEqual([])
    expect(store.trial(trial)?.outcome).toBeNull()
    expect(store.counts()).toMatchObject({ paused: 1, pending: 0 })
    expect(store.boardEntry(trial)).toMatchObject({ trial, state: 'paused', estimates: [at(0.4).estimate] })
    store.promoteTrial(trial)
    expect(store.pending().map(({ id }) => id)).toEqual([trial])
    expect(store.board()).toMatchObject([{ trial, state: 'running' }])
    const completed = { ...told, status: 'completed', rung: 1, ...at(0.6), reward: 0.6 } as const
    store.endTrial(completed, axes)
    store.addTold(trial, proposal)
    expect(store.told()).toEqual([paused, completed])
    expect(store.rungCounts()).toEqual([1, 1])
    expect(store.estimates(trial).map(({ rung, weights }) => [rung, weights])).toEqual([
      [0, 'weights'],
      [1, null],
    ])
    expect(store.boardEntry(trial)?.state).toBe('ended')
  })

  it('keeps who failed at a higher rung on the board, and nobody who never trained', async () => {
    const store = await openStore()
    const asked = [0, 1, 2, 3].map((first) => ask(store, [first, 7]))
    const told = asked.map(({ id: trial, proposal, genome, facts }) => ({ trial, proposal, genome, facts }))
    const at = (rung: number) => ({ rung, estimate: { metrics: { top1: 0.4 }, fidelity }, values: [0.4, 3] })
    for (const one of told.slice(0, 2)) store.pauseTrial({ ...one, status: 'paused', ...at(0) }, null)
    store.promoteTrial(1)
    store.endTrial({ ...told[0]!, status: 'failed', error }, axes)
    store.endTrial({ ...told[2]!, status: 'failed', error }, axes)
    store.endTransferred({ ...told[3]!, status: 'completed', ...at(1), reward: 0.4 }, null)
    const board = [
      { trial: 1, state: 'ended', estimates: [at(0).estimate] },
      { trial: 2, state: 'paused', estimates: [at(0).estimate] },
    ]
    expect(store.board()).toMatchObject(board)
    expect(store.board()).toHaveLength(2)
    expect([1, 2, 3, 4].map((trial) => store.boardEntry(trial)?.state)).toEqual(['ended', 'paused', undefined, undefined])
  })

  it('gives back every kind of outcome as it was told', async () => {
    const store = await openStore()
    const estimate = { metrics: { top1: 0.1 + 0.2, loss: 1.25 }, fidelity }
    const kinds = [
      { status: 'completed', estimate, values: [0.1 + 0.2, 3], reward: 0.1 + 0.7 },
      { status: 'stopped', estimate },
      { status: 'infeasible' },
      { status: 'failed', error },
      { status: 'lost', error },
    ] as const
    const outcomes = kinds.map((kind, index): EndedOutcome => {
      const { id: trial, proposal, genome, facts } = ask(store, [index, 7])
      return { trial, proposal, genome, facts, ...kind }
    })
    for (const outcome of outcomes.toReversed()) {
      store.endTrial(outcome, axes)
      store.addTold(outcome.trial, outcome.proposal)
    }
    expect(store.trials().map(({ outcome }) => outcome)).toEqual(outcomes)
    expect(store.told()).toEqual(outcomes.toReversed())
    const known = { latencyMs: 3, latencySource: 'measured', parameters: 1, peakMemoryBytes: 3, sizeBytes: 4 }
    const brief = { ...known, metric: null, quantized: null, reward: null, rung: null, error: null }
    expect(store.summaries('top1')).toEqual([
      { ...brief, id: 1, candidate: 'c0,7', status: 'completed', metric: 0.1 + 0.2, reward: 0.1 + 0.7 },
      { ...brief, id: 2, candidate: 'c1,7', status: 'stopped', metric: 0.1 + 0.2 },
      { ...brief, id: 3, candidate: 'c2,7', status: 'infeasible' },
      { ...brief, id: 4, candidate: 'c3,7', status: 'failed', error },
      { ...brief, id: 5, candidate: 'c4,7', status: 'lost', error },
    ])
    expect(store.summaries('unknown')[0]).toMatchObject({ metric: null })
    expect(store.summaries('top1', { after: 3, limit: 1 }).map(({ id }) => id)).toEqual([4])
    expect(store.counts()).toEqual({ completed: 1, stopped: 1, failed: 1, lost: 1, rejected: 1, pending: 0 })
    expect(store.lastFailure()).toEqual(outcomes[4])
    ask(store, [9, 9])
    expect(store.summaries('top1', { after: 5 })).toMatchObject([{ id: 6, status: null }])
    expect(store.counts()).toMatchObject({ pending: 1 })
    expect(store.pending().map(({ id }) => id)).toEqual([6])
  })

  it('knows the best and the front without reading every trial again', async () => {
    const store = await openStore()
    expect([store.best(), store.front(), store.fastestMs()]).toEqual([null, [], null])
    complete(store, [0, 0], 0.5, 5)
    complete(store, [1, 0], 0.5, 4)
    complete(store, [2, 0], 0.9, 9, 0.3)
    complete(store, [3, 0], 0.4, 4.5)
    complete(store, [4, 0], 0.5, 4)
    const ids = (trials: readonly { readonly id: number }[]) => trials.map(({ id }) => id)
    expect(ids(store.front())).toEqual([2, 3])
    expect(store.best()?.id).toBe(2)
    complete(store, [5, 0], 0.95, 2)
    expect(ids(store.front())).toEqual([6])
    expect(store.best()?.id).toBe(6)
    expect(store.fastestMs()).toBe(2)
  })

  it('reads trials, events and what was told page by page, in their order', async () => {
    const store = await openStore()
    for (let i = 0; i < 7; i++) {
      complete(store, [i, 1], 0.1 * i, 3)
      store.addEvent({ kind: 'training', trial: i + 1, job: 'j' })
    }
    const idsOf = (list: readonly { readonly id: number }[]) => list.map(({ id }) => id)
    expect(idsOf(store.trials({ after: 2, limit: 3 }))).toEqual([3, 4, 5])
    expect(idsOf(store.events({ after: 6 }))).toEqual([7])
    expect(store.told({ after: 5, limit: 9 }).map(({ trial }) => trial)).toEqual([6, 7])
    expect(store.trials({ after: 7 })).toEqual([])
  })

  it('counts the candidates behind the last one that was worth training', async () => {
    const store = await openStore()
    const reject = (genome: readonly number[]) => {
      const { id: trial, proposal, facts } = ask(store, genome)
      store.endTrial({ trial, proposal, genome, facts, status: 'infeasible' }, axes)
    }
    reject([0, 0])
    expect(store.fruitless()).toBe(1)
    complete(store, [1, 0], 0.5, 5)
    expect(store.fruitless()).toBe(0)
    reject([2, 0])
    reject([3, 0])
    ask(store, [4, 0])
    expect(store.fruitless()).toBe(2)
  })

  it('remembers who else asked for an architecture until they are told', async () => {
    const store = await openStore()
    const pending = ask(store, [1, 2])
    store.addRepeat(pending.id, 8)
    store.addRepeat(pending.id, 7)
    expect(store.repeats(pending.id)).toEqual([7, 8])
    expect(store.openRepeats()).toEqual([])
    const { facts, genome } = pending
    store.endTrial({ trial: pending.id, proposal: 1, genome, facts, status: 'infeasible' }, axes)
    expect(store.openRepeats()).toEqual([
      { trial: 1, proposal: 7 },
      { trial: 1, proposal: 8 },
    ])
    store.addTold(pending.id, 7)
    expect(store.repeats(pending.id)).toEqual([8])
    expect(store.told()).toMatchObject([{ trial: 1, proposal: 7 }])
  })

  it('writes a transaction whole or not at all', async () => {
    const store = await openStore()
    for (const sync of [true, false]) {
      expect(() =>
        store.transaction(() => {
          ask(store, [1, 2])
          store.setState({ json: 1 })
          throw new Error('half-way')
        }, sync),
      ).toThrow('half-way')
      expect(store.trials()).toEqual([])
      expect(store.state()).toBeNull()
    }
    store.transaction(() => store.setState({ json: 2 }))
    expect(store.state()).toEqual({ json: 2 })
    store.setState({ json: 1 })
    expect(store.state()).toEqual({ json: 1 })
  })

  it('replaces the tensors of a state only when they are others', async () => {
    const store = await openStore()
    const weights = (value: number) => ({ w: { dtype: 'float32', shape: [1], data: Float32Array.of(value) } }) as const
    store.setState({ json: 1, tensors: weights(1) })
    store.setState({ json: 2, tensors: weights(1) })
    expect(store.state()).toEqual({ json: 2, tensors: weights(1) })
    store.setState({ json: 2, tensors: weights(3) })
    expect(store.state()).toEqual({ json: 2, tensors: weights(3) })
    store.setState({ json: 3 })
    expect(store.state()).toEqual({ json: 3 })
  })
})
