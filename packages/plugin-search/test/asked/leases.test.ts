import { readdir } from 'node:fs/promises'
import { leaseRun, openRun, type RunStore } from '@mnas/plugin-search'
import { describe, expect, it } from 'vitest'
import { parseLeaseId } from '#internal/asked/lease-id.js'
import { parseTold } from '#internal/asked/parse-told.js'
import { renewLease } from '#internal/asked/renew-lease.js'
import { visitingStore, visitRun } from '#internal/run/visit-run.js'
import { askedRun } from '../support/asked-run.js'
import { ask, axes, factsAt } from '../support/made-up-trials.js'

const { folder, make: made } = askedRun()
const visit = <T>(work: (store: RunStore) => T) => visitRun(folder(), async (store) => work(store))
const lease = (trial: number, attempt: number, untilMs: number) => ({ trial, attempt, untilMs, worker: `w${attempt}` })

describe('leases of trials', () => {
  it('keep a trial from others until they are over, and end with it', async () => {
    await made()
    await visit((store) => {
      for (const genome of [[0], [1], [2]]) ask(store, genome)
      store.setLease(lease(1, 1, 100))
      store.setLease(lease(2, 1, 50))
      const free = (now: number) => store.free(now).map(({ id }) => id)
      expect(free(49)).toEqual([3])
      expect(free(50)).toEqual([2, 3])
      store.setLease(lease(2, 2, 200))
      expect(free(100)).toEqual([1, 3])
      expect(store.lease(2)).toEqual(lease(2, 2, 200))
      store.endTrial({ trial: 2, proposal: 1, genome: [1], facts: factsAt(3), status: 'infeasible' }, axes)
      expect(store.leases()).toEqual([lease(1, 1, 100)])
      expect(free(1000)).toEqual([1, 3])
      expect(store.counts()).toMatchObject({ pending: 2, rejected: 1 })
    })
  })

  it('are renewed by whoever has the last, while the trial goes on', async () => {
    await made()
    await visit((store) => {
      for (const genome of [[0], [1]]) ask(store, genome)
      store.setLease(lease(1, 2, 10))
    })
    expect(await renewLease(folder(), '1-2', 500)).toEqual(lease(1, 2, 500))
    const refused: [string, RegExp][] = [
      ['1-1', /was over: "w2" has it as 1-2/],
      ['1-3', /never given/],
      ['2-1', /never given/],
      ['7-1', /there is not/],
      ['1', /no name of a lease/],
    ]
    for (const [id, message] of refused)
      await expect(renewLease(folder(), id, 500), id).rejects.toMatchObject({
        code: 'MNAS_SEARCH_LEASE',
        exitCode: 3,
        message: expect.stringMatching(message),
      })
    await visit((store) => expect(store.leases()).toEqual([lease(1, 2, 500)]))
  })

  it('are no business of a run that trains its own candidates', async () => {
    await made('search')
    await expect(renewLease(folder(), '1-1', 5)).rejects.toMatchObject({ code: 'MNAS_SEARCH_TRAINS' })
  })

  it('have names', () => {
    expect(parseLeaseId('17-2')).toEqual({ trial: 17, attempt: 2 })
    for (const text of ['', '17', '0-1', '17-', 'a-b', '17-2-3']) expect(() => parseLeaseId(text)).toThrow('no name of a lease')
  })
})

describe('a run between visits', () => {
  it('reads what others write, and within a transaction what that has written', async () => {
    await made()
    const { store: read } = await openRun(folder())
    try {
      const between = visitingStore(read)
      await visit((store) => ask(store, [0]))
      expect(between.counts().pending).toBe(1)
      between.transaction(() => {
        between.setFacts(1, factsAt(5))
        expect(between.trial(1)?.facts.latency.latencyMs).toBe(5)
      })
      expect(() =>
        between.transaction(() => {
          between.setFacts(1, factsAt(6))
          throw new Error('half-way')
        }),
      ).toThrow('half-way')
      expect(between.trial(1)?.facts.latency.latencyMs).toBe(5)
      // Nobody holds it now.
      await expect(leaseRun(folder()).then((leased) => leased.release())).resolves.toBeUndefined()
    } finally {
      read.close()
    }
  })
})

describe('a run that several computers see', () => {
  it('is read and written without memory that they would have to share', async () => {
    await made()
    const { store: read } = await openRun(folder())
    try {
      expect(read.counts().pending).toBe(0)
      await visit((store) => ask(store, [0]))
      expect(read.counts().pending).toBe(1)
      expect((await readdir(folder())).filter((name) => /-(wal|shm|journal)$/.test(name))).toEqual([])
      await visit((store) => ask(store, [1]))
    } finally {
      read.close()
    }
  })
})

describe('what is told', () => {
  const headline = { name: 'top1', label: 'top-1', percent: true }
  it('is the metric that is learned, a fraction, and others beside it', () => {
    expect(parseTold(['top1=.71', 'loss=1.5', 'epochs=3'], headline)).toEqual({ top1: 0.71, loss: 1.5, epochs: 3 })
    for (const value of ['0', '1', '1e-3']) expect(parseTold([`top1=${value}`], headline)).toEqual({ top1: Number(value) })
  })

  it.each([
    [['top1=1.2'], /from 0 to 1, received top1=1\.2 \(1\.2 % is top1=0\.012\)/],
    [['top1=-.1'], /received top1=-0\.1\./],
    [['top1=high'], /Expected --metric top1=NUMBER, received top1=high/],
    [['top1='], /received top1=\./],
    [['top1=Infinity'], /received top1=Infinity/],
    [['topl=.7'], /Expected --metric top1=VALUE with a value from 0 to 1, received topl\./],
  ])('is refused otherwise: %j', (pairs, message) => {
    expect(() => parseTold(pairs, headline)).toThrow(
      expect.objectContaining({ code: 'MNAS_SEARCH_METRIC', exitCode: 2, message: expect.stringMatching(message) }),
    )
  })
})
