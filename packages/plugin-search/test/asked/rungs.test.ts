import { openRun, type RunReader } from '@mnas/plugin-search'
import { beforeEach, describe, expect, it } from 'vitest'
import { renewLease } from '#internal/asked/renew-lease.js'
import type { Tale } from '#internal/asked/tell-outcome.js'
import { visitRun } from '#internal/run/visit-run.js'
import { toldOf } from '#internal/trials/time-trial.js'
import { askedRun } from '../support/asked-run.js'

const { folder, make, begin, ask, shortage, tell } = askedRun({ trials: 4, rungs: { count: 2, eta: 2, policy: 'halving' } })
const top1 = (value: number, rung?: number): Tale => ({
  kind: 'metrics',
  pairs: [`top1=${value}`],
  ...(rung !== undefined && { rung }),
})

async function reading<T>(look: (store: RunReader) => T): Promise<T> {
  const { store } = await openRun(folder())
  try {
    return look(store)
  } finally {
    store.close()
  }
}

describe('a run with rungs that is asked and told', () => {
  beforeEach(async () => {
    await make()
    await begin()
  })

  it('gives the better ones out again, for the next rung', async () => {
    const first = await ask({ count: 2 })
    expect(first.map(({ trial }) => trial.id)).toEqual([1, 2])
    await tell(1, top1(0.4, 1))
    expect(await tell(2, top1(0.6, 1))).toMatchObject({ known: false, counts: { paused: 2, completed: 0 }, best: null })
    const [next] = await ask()
    expect(next!.trial.id).toBe(2)
    expect(await tell(2, top1(0.7, 2))).toMatchObject({ counts: { paused: 1, completed: 1 }, best: { id: 2 } })
    const told = await reading((store) => store.told())
    expect(told.map(({ trial, status }) => `${trial} ${status}`)).toEqual(['1 paused', '2 paused', '2 completed'])
    const [paused] = told
    expect(paused).toMatchObject({ rung: 0, estimate: { metrics: { top1: 0.4 }, fidelity: { foreign: 'made up, rung 1' } } })
  })

  it('brings one to the top when all were begun', async () => {
    const qualities = [0.4, 0.5, 0.3, 0.2]
    for (let work = await ask(); work.length > 0; work = await ask()) {
      const { id } = work[0]!.trial
      const rung = 1 + (await reading((store) => store.estimates(id).length))
      await tell(id, top1(qualities[id - 1]! + rung / 10, rung))
    }
    expect(await reading((store) => store.best()?.id)).toBe(2)
    expect(await reading((store) => store.counts().pending)).toBe(0)
    expect(await shortage()).toBe('over')
  })

  it('says that others have what is to be trained', async () => {
    await ask({ count: 4 })
    expect(await shortage()).toBe('waiting')
  })

  it('numbers leases through all rungs: whoever had a trial at a lower one has it no more', async () => {
    await ask({ count: 2 })
    await tell(1, top1(0.4, 1))
    await tell(2, top1(0.6, 1))
    const refused = (message: RegExp) => ({ code: 'MNAS_SEARCH_LEASE', message: expect.stringMatching(message) })
    await expect(renewLease(folder(), '2-1', 500)).rejects.toMatchObject(refused(/waits for its next rung/))
    expect(await reading((store) => store.leases())).toEqual([])
    const [{ lease } = { lease: undefined }] = await ask()
    expect(lease).toMatchObject({ trial: 2, attempt: 2 })
    await expect(renewLease(folder(), '2-1', 500)).rejects.toMatchObject(refused(/has it as 2-2/))
    // Given away twice, and told of once: nobody else can have it.
    expect(await tell(2, top1(0.7, 2))).toMatchObject({ late: false })
  })

  it('tells again what it was told, also of a trial that was stopped or failed since', async () => {
    await ask({ count: 2 })
    await tell(1, top1(0.4, 1))
    await visitRun(folder(), async (store) => {
      const { estimate } = store.estimates(1)[0]!
      store.endTrial({ ...toldOf(store.trial(1)!), status: 'stopped', rung: 0, estimate }, [])
    })
    const paused = { status: 'paused', estimate: { metrics: { top1: 0.4 } } }
    expect(await tell(1, top1(0.4, 1))).toMatchObject({ known: true, outcome: paused })
    const failed = { kind: 'failed', reason: 'no memory', rung: 1 } as const
    expect(await tell(2, failed)).toMatchObject({ known: false })
    expect(await tell(2, failed)).toMatchObject({ known: true, outcome: { status: 'failed' } })
    await expect(tell(2, top1(0.7, 1))).rejects.toMatchObject({ code: 'MNAS_SEARCH_TOLD' })
    await expect(tell(2, top1(0.7, 2))).rejects.toMatchObject({
      code: 'MNAS_SEARCH_RUNG',
      message: expect.stringContaining('--rung 1'),
    })
  })

  it('counts one once that waits for its next rung and then fails', async () => {
    await ask()
    await tell(1, top1(0.4, 1))
    await tell(1, { kind: 'failed', reason: 'no memory at this size' })
    const ended = await reading((store) => store.events().find(({ kind }) => kind === 'ended'))
    expect(ended).toMatchObject({ trial: 1, status: 'failed', counted: 1 })
  })

  it('counts one that failed at a higher rung among those of the lower', async () => {
    await ask({ count: 2 })
    await tell(1, top1(0.4, 1))
    await tell(2, top1(0.6, 1))
    await ask()
    await tell(2, { kind: 'failed', reason: 'no memory at this size' })
    // One of two goes on, and the other is the one that is left.
    expect((await ask())[0]!.trial.id).toBe(1)
  })

  it('hears the same twice, and refuses another rung or another number', async () => {
    await ask()
    const unasked = expect.objectContaining({ code: 'MNAS_SEARCH_RUNG' })
    await expect(tell(1, top1(0.4))).rejects.toEqual(unasked)
    await expect(tell(1, top1(0.4, 2))).rejects.toEqual(unasked)
    await tell(1, top1(0.4, 1))
    expect(await tell(1, top1(0.4, 1))).toMatchObject({ known: true })
    await expect(tell(1, top1(0.5, 1))).rejects.toMatchObject({ code: 'MNAS_SEARCH_TOLD' })
    // It waits, so nobody was given its next rung.
    await expect(tell(1, top1(0.5, 2))).rejects.toEqual(unasked)
  })
})
