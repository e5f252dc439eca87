import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { measurementErrors } from '@mnas/core/measurement'
import { openRun, type RunReader, type Search } from '@mnas/plugin-search'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Tale } from '#internal/asked/tell-outcome.js'
import { askedRun } from '../support/asked-run.js'
import { device } from '../support/made-up-search.js'

const { folder, make, begin, ask, tell } = askedRun()
const top1 = (value: number): Tale => ({ kind: 'metrics', pairs: [`top1=${value}`] })

async function reading<T>(look: (store: RunReader) => T): Promise<T> {
  const { store } = await openRun(folder())
  try {
    return look(store)
  } finally {
    store.close()
  }
}

/** A device that vanishes or dies at the n-th timing. */
function dyingAt(timing: number, error: Error): Search['measure'] {
  let timings = 0
  const { measure } = device()
  return async (...of) => {
    if (++timings >= timing) throw error
    return measure(...of)
  }
}

describe('a run that is asked and told', () => {
  beforeEach(make.bind(null, 'asked'))

  it('says that its beginning was interrupted', async () => {
    await expect(ask()).rejects.toMatchObject({ code: 'MNAS_SEARCH_UNFINISHED', message: expect.stringContaining('search new') })
  })

  it('gives only what is fast enough, each once, and learns from what is told', async () => {
    await begin()
    const work = await ask({ count: 4 })
    expect(new Set(work.map(({ trial }) => trial.candidate)).size).toBe(4)
    for (const { trial, lease } of work) {
      expect(trial.facts.latency).toMatchObject({ source: 'measured' })
      expect(trial.facts.latency.latencyMs).toBeLessThanOrEqual(1.2)
      expect(lease).toEqual({ trial: trial.id, attempt: 1, worker: 'w', untilMs: 1000 })
    }
    const [one, two, three, four] = work.map(({ trial }) => trial.id)
    expect(await tell(one!, top1(0.5))).toMatchObject({ known: false, late: false, best: { id: one } })
    expect(await tell(two!, { kind: 'failed', reason: 'diverged' })).toMatchObject({ best: { id: one } })
    expect(await tell(three!, { kind: 'lost' })).toMatchObject({ trial: { outcome: null } })
    expect(await tell(four!, top1(0.7))).toMatchObject({ best: { id: four }, counts: { completed: 2, failed: 1, pending: 1 } })
    await reading((store) => {
      const told = store.told().filter(({ status }) => status !== 'infeasible')
      expect(told.map(({ trial, status }) => [trial, status])).toEqual([
        [one, 'completed'],
        [two, 'failed'],
        [four, 'completed'],
      ])
      expect(store.best()?.outcome.estimate).toEqual({ metrics: { top1: 0.7 }, fidelity: { foreign: 'made up' } })
    })
    const best = JSON.parse(await readFile(join(folder(), 'best.json'), 'utf8'))
    expect(best).toMatchObject({ accuracy: 0.7, architecture: { task: { options: { classes: 4 } } } })
    // What was lost comes first, what failed never again.
    const next = await ask({ count: 2 })
    expect(next[0]).toMatchObject({ trial: { id: three }, lease: { attempt: 2 } })
    expect([one, two, four]).not.toContain(next[1]!.trial.id)
  })

  it('gives a trial to another when its lease is over, and hears whoever tells first', async () => {
    await begin()
    const [{ trial } = { trial: undefined }] = await ask({ leaseMs: 10 }, 100)
    const id = trial!.id
    expect((await ask({}, 109))[0]!.trial.id).not.toBe(id)
    expect(await ask({ worker: 'v' }, 110)).toMatchObject([{ trial: { id }, lease: { attempt: 2, worker: 'v' } }])
    expect(await tell(id, top1(0.4), 9999)).toMatchObject({ late: true, known: false })
    const told = await reading((store) => store.toldCount())
    await rm(join(folder(), 'best.json'))
    expect(await tell(id, top1(0.4))).toMatchObject({ known: true })
    // Whoever told it may have been killed before the files were written.
    expect(JSON.parse(await readFile(join(folder(), 'best.json'), 'utf8'))).toMatchObject({ accuracy: 0.4 })
    for (const tale of [top1(0.41), { kind: 'lost' }, { kind: 'failed', reason: 'x' }] as const)
      await expect(tell(id, tale)).rejects.toMatchObject({ code: 'MNAS_SEARCH_TOLD' })
    expect(await reading((store) => store.toldCount())).toBe(told)
  })

  it('keeps what it has been asked for as long as it times, longer than any lease', async () => {
    await begin()
    let minutes = 0
    const now = () => minutes * 60_000
    const others: number[] = []
    const { measure } = device()
    const slow: Search['measure'] = async (...of) => {
      minutes += 4
      if (minutes > 20 && others.length === 0) others.push(...(await ask({ worker: 'v' }, now)).map(({ trial }) => trial.id))
      return measure(...of)
    }
    const work = await ask({ count: 4 }, now, slow)
    expect(others).toHaveLength(1)
    expect(work).toHaveLength(4)
    expect(new Set([...work.map(({ trial }) => trial.id), ...others]).size).toBe(5)
  })

  it('lets nobody whose lease is over end a trial that another has, or give it back', async () => {
    await begin()
    const [{ trial } = { trial: undefined }] = await ask({ leaseMs: 10 }, 100)
    const id = trial!.id
    const [{ lease } = { lease: undefined }] = await ask({ worker: 'v' }, 110)
    const [over, last] = [`${id}-1`, `${id}-2`]
    const refused = (message: RegExp) => ({ code: 'MNAS_SEARCH_TOLD_LEASE', message: expect.stringMatching(message) })
    const failed = tell(id, { kind: 'failed', reason: 'x', lease: over }, 111)
    await expect(failed).rejects.toMatchObject(refused(new RegExp(`which is ${last} \\("v"\\), received one that is over`)))
    expect(await tell(id, { kind: 'lost', lease: over }, 111)).toMatchObject({ late: true, outcome: null })
    expect(await reading((store) => store.leases())).toEqual([lease])
    for (const [named, message] of [
      [`${id}-3`, /never given/],
      [`${id + 1}-1`, /one of trial/],
      ['x', /no name of a lease/],
    ] as const)
      await expect(tell(id, { ...top1(0.4), lease: named }, 111)).rejects.toMatchObject(refused(message))
    // What it came to is heard, and the lease of the other is alive all the same.
    expect(await tell(id, { ...top1(0.4), lease: over }, 111)).toMatchObject({ late: true, known: false, best: { id } })
  })

  it('takes whoever names no lease for late where the trial was given away more than once', async () => {
    await begin()
    const [{ trial } = { trial: undefined }] = await ask({ leaseMs: 10 }, 100)
    await ask({ worker: 'v' }, 110)
    expect(await tell(trial!.id, { kind: 'failed', reason: 'x' }, 111)).toMatchObject({
      late: true,
      outcome: { status: 'failed' },
    })
  })

  it('gives back what it has, by the name of its lease', async () => {
    await begin()
    const [{ lease } = { lease: undefined }] = await ask()
    expect(await tell(lease!.trial, { kind: 'lost', lease: `${lease!.trial}-1` })).toMatchObject({ late: false, outcome: null })
    expect(await ask()).toMatchObject([{ lease: { trial: lease!.trial, attempt: 2 } }])
  })

  it('loses nothing when asking fails in the middle, and ends no trial with a device that vanished', async () => {
    await begin()
    const gone = measurementErrors.MNAS_DEVICE_LOST({ device: 'phone', reason: 'unplugged' })
    await expect(ask({ count: 3 }, 0, dyingAt(4, gone))).rejects.toMatchObject({ code: 'MNAS_DEVICE_LOST' })
    const pending = await reading((store) => store.pending().map(({ id }) => id))
    expect(pending.length).toBeGreaterThan(0)
    const work = await ask({ count: 3 })
    expect(work.map(({ trial }) => trial.id)).toEqual(expect.arrayContaining(pending))
    await reading((store) => {
      expect(store.counts()).toMatchObject({ pending: 3, lost: 0, failed: 0 })
      const timed = store.measurements({ limit: 999 }).map(({ structure, effort }) => `${structure} ${effort}`)
      expect(new Set(timed).size).toBe(timed.length)
    })
  })

  it('refuses what nobody was given', async () => {
    await begin()
    await expect(tell(1, top1(0.5))).rejects.toMatchObject({
      code: 'MNAS_SEARCH_TRIAL',
      message: expect.stringContaining('Trial 1'),
    })
    const never: Search['measure'] = () => new Promise(() => undefined)
    void ask({}, 0, never)
    await expect.poll(() => reading((store) => store.leases().length)).toBe(1)
    const [lease] = await reading((store) => store.leases())
    await expect(tell(lease!.trial, top1(0.5))).rejects.toMatchObject({ message: expect.stringContaining('being timed') })
  })
})
