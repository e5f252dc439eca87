import { architectureHash } from '@mnas/core/architecture'
import { measurementErrors } from '@mnas/core/measurement'
import { type RunStore, type Search, searchLoop } from '@mnas/plugin-search'
import { describe, expect, it } from 'vitest'
import mnasnet from '#internal/space/mnasnet-space.js'
import evolution from '#internal/strategies/evolution-strategy.js'
import random from '#internal/strategies/random-strategy.js'
import { completing, device, essence, executor, goal, searchOf, size, taskOptions } from '../support/made-up-search.js'
import { temporaryRuns } from '../support/temporary-runs.js'

const { openStore, close } = temporaryRuns()

describe('a search whose way is not smooth', () => {
  it.each([random, evolution])('ends in the same trials wherever it was killed ($name)', async (strategies) => {
    const small = { ...goal, width: 0.5, trials: 3 }
    const uninterrupted = await openStore('uninterrupted')
    const whole = device()
    await searchLoop(searchOf(uninterrupted, { goal: small, strategies, measure: whole.measure }))
    const steps = uninterrupted.events().length

    const run = await openStore('killed')
    close(run)
    const pieces = device()
    for (let kill = 1; kill <= steps; kill++) {
      const store = await openStore('killed')
      let written = 0
      const dying: RunStore = {
        ...store,
        addEvent(...event) {
          // Inside whatever transaction it belongs to: none of that transaction may be seen again.
          if (++written === 2) throw new Error('killed')
          store.addEvent(...event)
        },
      }
      const parts = searchOf(dying, { goal: small, strategies, measure: pieces.measure })
      await searchLoop(parts).then(
        () => undefined,
        (error: Error) => expect(error.message).toBe('killed'),
      )
      close(store)
    }
    const last = await openStore('killed')
    await searchLoop(searchOf(last, { goal: small, strategies, measure: pieces.measure }))
    expect(essence(last)).toEqual(essence(uninterrupted))
  })

  it('records failed and lost trainings and goes on; only lost ones are tried again', async () => {
    const error = { code: 'MNAS_TRAIN_DIVERGED', message: 'diverged', exitCode: 6 }
    const kinds = ['failed', 'lost', 'completed'] as const
    const ends = new Map<string, (typeof kinds)[number]>()
    const submitted = executor((job, id) => {
      const kind = ends.get(id) ?? kinds[ends.size % 3]!
      ends.set(id, kind)
      return kind === 'completed' ? completing(job) : { kind, error }
    })
    const store = await openStore()
    const { counts } = await searchLoop(searchOf(store, { executor: submitted }))
    expect(counts).toMatchObject({ completed: 2, failed: 2, lost: 2 })
    for (const [id, kind] of ends) expect(submitted.jobs.filter((job) => job === id)).toHaveLength(kind === 'lost' ? 3 : 1)
  })

  it('waits for a device that vanished; one that stays away loses the trial, not the run', async () => {
    const { measure } = device()
    const pauses: number[] = []
    let timings = 0
    const flaky: Search['measure'] = (architecture, effort) => {
      timings++
      // After the calibration: one short absence, later a long one.
      if (timings === 12 || (timings >= 16 && timings < 21))
        throw measurementErrors.MNAS_DEVICE_LOST({ device: 'phone', reason: 'unplugged' })
      return measure(architecture, effort)
    }
    const store = await openStore()
    const parts = searchOf(store, { goal: { ...goal, width: 0.35 }, measure: flaky, pause: async (ms) => void pauses.push(ms) })
    const { counts } = await searchLoop(parts)
    expect(pauses[0]).toBe(2000)
    expect(pauses).toHaveLength(5)
    expect(counts.lost).toBe(1)
    expect(counts.completed).toBe(5)
  })

  it('stops where the device has become another one, and times the same trial once it is what it was', async () => {
    const { measure } = device()
    let timings = 0
    const changed: Search['measure'] = (architecture, effort) => {
      const differences = ['governor "performance", "powersave"']
      // After the calibration.
      if (++timings >= 11) throw measurementErrors.MNAS_DEVICES_DIFFERENT({ devices: ['phone'], differences })
      return measure(architecture, effort)
    }
    const store = await openStore()
    await expect(searchLoop(searchOf(store, { measure: changed }))).rejects.toMatchObject({ code: 'MNAS_DEVICES_DIFFERENT' })
    expect(timings).toBe(11)
    expect(store.counts()).toMatchObject({ failed: 0, lost: 0, pending: 1 })
    const { counts } = await searchLoop(searchOf(store))
    expect(counts).toMatchObject({ completed: 6, failed: 0, pending: 0 })
  })

  it('records a network that cannot be exported or timed as failed', async () => {
    const { measure } = device()
    let timings = 0
    const broken: Search['measure'] = (architecture, effort) => {
      if (++timings === 11) throw new Error('cannot be exported')
      return measure(architecture, effort)
    }
    const store = await openStore()
    const { counts } = await searchLoop(searchOf(store, { measure: broken }))
    expect(counts).toMatchObject({ failed: 1, completed: 5 })
    const failed = store.trials().find(({ outcome }) => outcome?.status === 'failed')
    expect(failed?.outcome).toMatchObject({ error: { message: 'cannot be exported' } })
  })

  it('names the last failure when nothing succeeded, and the fastest candidate when nothing was fast enough', async () => {
    const error = { code: 'MNAS_TRAIN_DIVERGED', message: 'Training diverged at step 3.', exitCode: 6 }
    const failing = executor(() => ({ kind: 'failed', error }))
    await expect(searchLoop(searchOf(await openStore('a'), { executor: failing }))).rejects.toMatchObject({
      code: 'MNAS_SEARCH_ALL_FAILED',
      message: expect.stringContaining('Training diverged at step 3.'),
    })
    const space = mnasnet.create({ width: 0.35, inputSize: size, task: { name: 'classification', options: taskOptions } })
    const smallest = architectureHash(space.decode(space.smallest()))
    const slow = device((_, hash) => (hash === smallest ? 1 : 1000)).measure
    const impatient = { measure: slow, goal: { ...goal, patience: 60 } }
    await expect(searchLoop(searchOf(await openStore('b'), impatient))).rejects.toMatchObject({
      code: 'MNAS_SEARCH_NOTHING_FOUND',
      exitCode: 8,
    })
  })

  it('begins no trial after its time, and goes on when it gets more', async () => {
    const store = await openStore()
    await expect(searchLoop(searchOf(store, { goal: { ...goal, timeMs: 0 } }))).rejects.toMatchObject({
      code: 'MNAS_SEARCH_TIME_OVER',
      exitCode: 8,
      message: expect.stringMatching(/longer --time/),
    })
    expect(store.trials()).toEqual([])
    const { reason } = await searchLoop(searchOf(store, { goal: { ...goal, timeMs: 3_600_000 } }))
    expect(reason).toBe('trials')
  })

  it('stops at once and cleanly when it is interrupted, and goes on later', async () => {
    const store = await openStore()
    const controller = new AbortController()
    const interrupting = executor((job) => {
      if (store.trials().length >= 3) controller.abort(new Error('interrupted'))
      return completing(job)
    })
    const parts = searchOf(store, { executor: interrupting, signal: controller.signal })
    await expect(searchLoop(parts)).rejects.toThrow('interrupted')
    expect(store.counts().pending).toBe(1)
    const { counts } = await searchLoop(searchOf(store))
    expect(counts).toMatchObject({ completed: 6, pending: 0 })
  })
})
