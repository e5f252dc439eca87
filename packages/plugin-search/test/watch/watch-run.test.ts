import { createReporter } from '@mnas/core/events'
import type { RunStore } from '@mnas/plugin-search'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { remainingSeconds } from '#internal/watch/remaining-seconds.js'
import { type Watched, watchRun } from '#internal/watch/watch-run.js'
import { temporaryFolder } from '../../../../test/support/temporary-folder.js'
import { settings } from '../report/support/reported-run.js'
import { complete } from '../support/made-up-trials.js'
import { openNewRun } from '../support/temporary-runs.js'

describe('watching a run', () => {
  let temporary: Awaited<ReturnType<typeof temporaryFolder>>
  let store: RunStore
  let lines: string[]
  beforeEach(async () => {
    temporary = await temporaryFolder('watch')
    store = await openNewRun(`${temporary.path}/run`, settings)
    lines = []
  })
  afterEach(() => temporary.remove())

  /** Each step happens between two looks. */
  function watch(...steps: readonly (() => void)[]): Promise<Watched> {
    const left = [...steps]
    let nowMs = 0
    return watchRun(store.folder, {
      reporter: createReporter('plain', { write: (text) => lines.push(text) }, { now: () => nowMs }),
      signal: new AbortController().signal,
      now: () => nowMs,
      async pause() {
        nowMs += 60_000
        left.shift()?.()
      },
    })
  }
  function end(gene: number, top1: number, latencyMs: number, counted: number): void {
    const { trial } = complete(store, [gene], top1, latencyMs)
    const ended = { kind: 'ended', trial, candidate: `${gene}`.padStart(64, '0'), latencyMs, counted, error: null } as const
    store.addEvent({ ...ended, status: 'completed', metric: { name: 'top1', value: top1 }, reward: top1 })
  }

  it('tells what happens from now on and how far the run is, until its search has ended', async () => {
    store.setBudget({ trials: 3, timeMs: null })
    end(1, 0.5, 4, 1)
    const watched = await watch(
      () => end(2, 0.7, 6, 2),
      () => end(3, 0.6, 5, 3),
      () => store.close(),
    )
    expect(watched).toMatchObject({ end: 'stopped', counted: 3, trials: 3, best: { quality: 0.7, latencyMs: 6 }, front: 3 })
    const said = lines.join('')
    expect(said).toMatch(/^watching: .*run\nwatching: 1\/3 trials.* · best 50\.0 % at 4\.00 ms · front 1\n/)
    expect(said).toContain('trial 2/3 000000000000: top-1 70.0 %, 6.00 ms\n')
    expect(said).toContain('3/3 trials · best 70.0 % at 6.00 ms · front 3\n')
    expect(said).not.toContain('trial 1/3')
  })

  it('ends at once behind a run that nobody works on', async () => {
    end(1, 0.5, 4, 1)
    store.close()
    expect(await watch()).toMatchObject({ end: 'stopped', counted: 1, trials: null })
  })

  it('waits while a trial is leased, and no longer', async () => {
    store.setLease({ trial: 1, attempt: 1, worker: 'far away', untilMs: 150_000 })
    store.close()
    let looks = 0
    await watch(...Array.from({ length: 9 }, () => () => void looks++))
    expect(looks).toBe(3)
  })
})

it('knows what remains by trials and by time, whichever is over first', () => {
  expect(remainingSeconds({ trials: 10, timeMs: null }, 4, 8000)).toBe(12)
  expect(remainingSeconds({ trials: 10, timeMs: 9000 }, 4, 8000)).toBe(1)
  expect(remainingSeconds({ trials: null, timeMs: 9000 }, 4, 9500)).toBe(0)
  expect(remainingSeconds({ trials: 10, timeMs: null }, 0, 8000)).toBeNull()
  expect(remainingSeconds({ trials: null, timeMs: null }, 4, 8000)).toBeNull()
})
