import { architectureHash } from '@mnas/core/architecture'
import type { JobEnd, Proposal, StrategyFactory, TrialJob } from '@mnas/core/contracts'
import { hashJson } from '@mnas/core/files'
import { type RunStore, searchLoop } from '@mnas/plugin-search'
import { describe, expect, it } from 'vitest'
import random from '#internal/strategies/random-strategy.js'
import { completed, completing, device, essence, executor, goal, searchOf } from '../support/made-up-search.js'
import { temporaryRuns } from '../support/temporary-runs.js'

const { openStore, close } = temporaryRuns()
const wide = { ...goal, width: 0.35, trials: 8 }

/** Trainings that end when the test says so, in whatever order. */
function heldTrainings() {
  const held: { readonly job: TrialJob; end(): void }[] = []
  let arrived: (() => void) | undefined
  return {
    held,
    train: (job: TrialJob) =>
      new Promise<JobEnd>((resolve) => {
        held.push({ job, end: () => resolve(completing(job)) })
        arrived?.()
      }),
    /** Until so many train at once. */
    async until(count: number): Promise<void> {
      while (held.length < count)
        await new Promise<void>((resolve) => {
          arrived = resolve
        })
    },
  }
}

describe('a search with several workers', () => {
  it('trains as many at once as the executor takes, and no more than asked for', async () => {
    let [now, most] = [0, 0]
    const busy = executor(async (job) => {
      most = Math.max(most, ++now)
      await new Promise((resolve) => setImmediate(resolve))
      now--
      return completing(job)
    }, 3)
    const store = await openStore()
    const { counts } = await searchLoop(searchOf(store, { executor: busy, goal: wide }))
    expect(most).toBe(3)
    expect(counts).toMatchObject({ completed: 8, pending: 0, failed: 0 })
    expect(busy.jobs).toHaveLength(8)
    expect(new Set(busy.jobs).size).toBe(8)
  })

  it('tells outcomes in the order in which they end, and asks for the next at once', async () => {
    const trainings = heldTrainings()
    const store = await openStore()
    const searching = searchLoop(searchOf(store, { executor: executor(trainings.train, 2), goal: { ...wide, trials: 3 } }))
    await trainings.until(2)
    trainings.held[1]!.end()
    await trainings.until(3)
    expect(completed(store)).toHaveLength(1)
    trainings.held[2]!.end()
    trainings.held[0]!.end()
    const { counts } = await searching
    expect(counts.completed).toBe(3)
    const order = store.told({ limit: 99 }).filter(({ status }) => status === 'completed')
    const hashOf = new Map(store.trials().map(({ id, candidate }) => [id, candidate]))
    expect(order.map(({ trial }) => hashOf.get(trial))).toEqual(
      [1, 2, 0].map((index) => architectureHash(trainings.held[index]!.job.architecture)),
    )
  })

  it('loses no trial and trains none twice wherever it was killed', async () => {
    const small = { ...wide, trials: 4 }
    const rehearsed = await openStore('rehearsed')
    await searchLoop(searchOf(rehearsed, { executor: executor(completing, 2), goal: small, strategies: random }))
    const steps = rehearsed.events().length

    close(await openStore('killed'))
    const { measure } = device()
    const done = new Map<string, JobEnd>()
    const trained: string[] = []
    const recorded: number[] = []
    /** What ended is told again, as executors do; what was cut off trains once more. */
    const remembering = executor((job, id) => {
      const known = done.get(id)
      if (known) return known
      trained.push(id)
      const end = completing(job)
      done.set(id, end)
      return end
    }, 2)
    for (let kill = 1; kill <= steps + 1; kill++) {
      const store = await openStore('killed')
      let written = 0
      const dying: RunStore = {
        ...store,
        addEvent(event) {
          if (++written > 2 && kill <= steps) throw new Error('killed')
          store.addEvent(event)
        },
      }
      await searchLoop(searchOf(dying, { executor: remembering, goal: small, strategies: random, measure })).catch(
        (error: Error) => expect(error.message).toBe('killed'),
      )
      recorded.push(completed(store).length)
      close(store)
    }
    const store = await openStore('killed')
    expect(store.counts()).toMatchObject({ completed: 4, pending: 0, failed: 0, lost: 0 })
    expect(recorded).toEqual(recorded.toSorted((a, b) => a - b))
    // What trained is what stands in the run, each once.
    expect(new Set(trained).size).toBe(trained.length)
    const jobOf = (id: number) => hashJson(searchOf(store).request(store.architecture(id)!).job)
    expect(trained.toSorted()).toEqual(
      completed(store)
        .map(({ id }) => jobOf(id))
        .toSorted(),
    )
    expect(new Set(store.trials().map(({ candidate }) => candidate)).size).toBe(store.trials().length)
  })

  it('goes on with all that was pending, under one worker as under two', async () => {
    const interrupted = async (name: string) => {
      const store = await openStore(name)
      const trainings = heldTrainings()
      const controller = new AbortController()
      const parts = { executor: executor(trainings.train, 2), goal: wide, signal: controller.signal }
      const searching = searchLoop(searchOf(store, parts)).catch((error: Error) => error.message)
      await trainings.until(2)
      controller.abort(new Error('interrupted'))
      for (const { end } of trainings.held) end()
      expect(await searching).toBe('interrupted')
      expect(store.counts().pending).toBe(2)
      const pending = store.pending().map(({ id }) => id)
      close(store)
      return pending
    }
    for (const capacity of [1, 2]) {
      const pending = await interrupted(`run ${capacity}`)
      const store = await openStore(`run ${capacity}`)
      const { counts } = await searchLoop(searchOf(store, { executor: executor(completing, capacity), goal: wide }))
      expect(counts).toMatchObject({ completed: 8, pending: 0 })
      expect(
        completed(store)
          .slice(0, 2)
          .map(({ id }) => id),
      ).toEqual(pending)
    }
  })

  it('is the same search as before with one worker, whatever the executor could do', async () => {
    const one = await openStore('one')
    await searchLoop(searchOf(one, { goal: wide }))
    const again = await openStore('again')
    await searchLoop(searchOf(again, { goal: wide, executor: executor(async (job) => completing(job), 1) }))
    expect(essence(again)).toEqual(essence(one))
  })

  it('stops all that runs when one of them cannot be recorded', async () => {
    const trainings = heldTrainings()
    const aborted: string[] = []
    const inner = executor(trainings.train, 2)
    const watched: typeof inner = {
      ...inner,
      run(request, hear, signal) {
        signal.addEventListener('abort', () => {
          aborted.push(hashJson(request.job))
          for (const { end } of trainings.held) end()
        })
        return inner.run(request, hear, signal)
      },
    }
    const store = await openStore()
    const failing: RunStore = {
      ...store,
      endTrial(outcome, axes) {
        if (outcome.status === 'completed') throw new Error('the disk is full')
        store.endTrial(outcome, axes)
      },
    }
    const searching = searchLoop(searchOf(failing, { executor: watched, goal: wide }))
    await trainings.until(2)
    trainings.held[0]!.end()
    await expect(searching).rejects.toThrow('the disk is full')
    expect(aborted.length).toBeGreaterThanOrEqual(1)
    expect(store.counts().pending).toBe(2)
  })

  it('tells everybody who asked for an architecture that was still training', async () => {
    const told: (number | null)[] = []
    const twins: StrategyFactory = {
      name: 'twins',
      create(context) {
        const inner = random.create(context)
        return {
          ...inner,
          async ask(n) {
            const proposals = await inner.ask(Math.ceil(n / 2))
            return proposals.flatMap(({ id, genome }): Proposal[] => [
              { id: 2 * id, genome },
              { id: 2 * id + 1, genome },
            ])
          },
          async tell(outcomes) {
            told.push(...outcomes.map(({ proposal }) => proposal))
          },
        }
      },
    }
    const store = await openStore()
    const parts = { executor: executor(completing, 2), goal: { ...wide, trials: 4 }, strategies: twins }
    const { counts } = await searchLoop(searchOf(store, parts))
    expect(counts.completed).toBeGreaterThanOrEqual(4)
    expect(new Set(told).size).toBe(told.length)
    for (const proposal of told) expect(told).toContain(proposal! % 2 === 0 ? proposal! + 1 : proposal! - 1)
  })
})
