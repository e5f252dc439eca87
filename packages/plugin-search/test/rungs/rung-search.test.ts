import { architectureHash } from '@mnas/core/architecture'
import type { BlobStore, JobEnd, JobRequest, TrialExecutor, TrialJob } from '@mnas/core/contracts'
import { hashJson } from '@mnas/core/files'
import { type RunStore, type Search, searchLoop } from '@mnas/plugin-search'
import { describe, expect, it } from 'vitest'
import halving from '#internal/rungs/halving-policy.js'
import evolution from '#internal/strategies/evolution-strategy.js'
import model from '#internal/strategies/model/model-strategy.js'
import { completing, essence, fractionOf, goal, searchOf } from '../support/made-up-search.js'
import { temporaryRuns } from '../support/temporary-runs.js'

const { openStore, close } = temporaryRuns()

const fidelities = [1, 2, 4].map((epochs, rung) => ({
  epochs,
  scheduleEpochs: epochs,
  inputSize: 16 * (rung + 1),
  headFilters: 256,
}))
const rungs = {
  policy: halving.create({ fidelities, eta: 3 }),
  count: 3,
  trainings: fidelities.map((fidelity) => ({ fidelity, recipe: {} })),
}
const small = { ...goal, width: 0.5, trials: 9 }
const few = { ...small, trials: 5 }

/** Trains nothing; keeps weights as names, and refuses a job whose start is gone. */
class NamedBlobs implements TrialExecutor {
  readonly capacity: number
  readonly jobs: TrialJob[] = []
  readonly kept = new Set<string>()
  readonly blobs: BlobStore

  constructor(capacity = 1) {
    this.capacity = capacity
    const unused = () => Promise.reject(new Error('nobody reads these'))
    const { kept } = this
    this.blobs = { put: unused, get: unused, has: async (hash) => kept.has(hash), delete: async (hash) => void kept.delete(hash) }
  }

  async run({ job, keep }: JobRequest): Promise<JobEnd> {
    if (job.start.kind !== 'scratch' && !this.kept.has(job.start.checkpoint))
      throw new Error('the weights to begin with are gone')
    this.jobs.push(job)
    const end = completing(job)
    if (end.kind !== 'completed') return end
    const quality = (0.4 + 0.6 * fractionOf(architectureHash(job.architecture))) * (1 - 1 / (1 + job.fidelity.epochs))
    const weights = hashJson({ weights: job })
    if (keep.includes('weights')) this.kept.add(weights)
    return { ...end, result: { ...end.result, metrics: { top1: quality }, artefacts: keep.length > 0 ? { weights } : {} } }
  }

  async close(): Promise<void> {}
}

const partsOf = (store: RunStore, changes: Partial<Search>) => searchOf(store, { goal: small, rungs, ...changes })
const estimated = (store: RunStore) => store.trials().map(({ id }) => store.estimates(id).map(({ estimate }) => estimate))

describe('a search with rungs', () => {
  it('trains all at the first, and fewer from rung to rung, each from the weights of the one before', async () => {
    const store = await openStore()
    const executor = new NamedBlobs()
    const { counts, best } = await searchLoop(partsOf(store, { executor }))
    const at = (rung: number) => executor.jobs.filter(({ fidelity }) => fidelity === fidelities[rung])
    expect(at(0)).toHaveLength(9)
    expect(at(0).every(({ start }) => start.kind === 'scratch')).toBe(true)
    expect(at(1).length).toBeGreaterThanOrEqual(3)
    expect(at(1).length).toBeLessThan(9)
    expect(at(2).length).toBeGreaterThanOrEqual(1)
    for (const [rung, later] of [at(1), at(2)].entries())
      for (const { architecture, start } of later) {
        const before = at(rung).find((job) => job.architecture.name === architecture.name)!
        expect(start).toEqual({ kind: 'inherit', checkpoint: hashJson({ weights: before }) })
      }
    expect(counts.completed).toBe(at(2).length)
    expect(counts.completed + counts.stopped + (counts.paused ?? 0)).toBe(9)
    const reached = Math.max(
      ...store.trials().flatMap(({ id }) => store.estimates(id).map(({ estimate }) => estimate.metrics['top1']!)),
    )
    expect(best.accuracy).toBe(reached)
    // Only who may still go on keeps weights.
    expect(executor.kept.size).toBe(counts.paused ?? 0)
  })

  it('goes on where it was when it gets more trials', async () => {
    const store = await openStore()
    const executor = new NamedBlobs()
    await searchLoop(partsOf(store, { executor }))
    const { counts } = await searchLoop(partsOf(store, { executor, goal: { ...small, trials: 18 } }))
    expect(counts.completed + counts.stopped + (counts.paused ?? 0)).toBe(18)
    expect(new Set(executor.jobs.map(hashJson)).size).toBe(executor.jobs.length)
  })

  it('trains the best again through all of them', async () => {
    const store = await openStore()
    const executor = new NamedBlobs()
    const { finalists } = await searchLoop(partsOf(store, { executor, goal: { ...small, trials: 18, retrainTop: 2 } }))
    const again = executor.jobs.filter(({ seed }) => seed === 1)
    expect(again).toHaveLength(3 * finalists.length)
    expect(store.finalists().every((one) => one.again?.error === null)).toBe(true)
  })

  it('tells the strategy of each rung', async () => {
    const store = await openStore()
    await searchLoop(partsOf(store, { executor: new NamedBlobs() }))
    const told = store.told()
    const statuses = (trial: number) => told.filter((one) => one.trial === trial).map(({ status }) => status)
    for (const { id } of store.trials()) {
      const own = statuses(id)
      expect(own.filter((status) => status === 'paused')).toHaveLength(Math.min(2, store.estimates(id).length))
      expect(own.slice(0, -1).every((status) => status === 'paused')).toBe(true)
    }
  })

  it.each([evolution, model])('ends in the same trials wherever it was killed ($name)', async (strategies) => {
    const uninterrupted = await openStore('uninterrupted')
    await searchLoop(partsOf(uninterrupted, { strategies, goal: few, executor: new NamedBlobs() }))
    const steps = uninterrupted.events().length

    close(await openStore('killed'))
    const executor = new NamedBlobs()
    for (let kill = 1; kill <= steps; kill++) {
      const store = await openStore('killed')
      let written = 0
      const dying: RunStore = {
        ...store,
        addEvent(...event) {
          if (++written === 2) throw new Error('killed')
          store.addEvent(...event)
        },
      }
      await searchLoop(partsOf(dying, { strategies, goal: few, executor })).then(
        () => undefined,
        (error: Error) => expect(error.message).toBe('killed'),
      )
      close(store)
    }
    const last = await openStore('killed')
    await searchLoop(partsOf(last, { strategies, goal: few, executor }))
    expect(essence(last)).toEqual(essence(uninterrupted))
    expect(estimated(last)).toEqual(estimated(uninterrupted))
  })

  it('loses nothing with several workers', async () => {
    const store = await openStore()
    const executor = new NamedBlobs(3)
    const { counts } = await searchLoop(partsOf(store, { executor, goal: { ...small, trials: 12 } }))
    expect(counts.completed).toBeGreaterThan(0)
    expect(counts.completed + counts.stopped + (counts.paused ?? 0)).toBe(12)
    expect(new Set(executor.jobs.map(hashJson)).size).toBe(executor.jobs.length)
  })
})
