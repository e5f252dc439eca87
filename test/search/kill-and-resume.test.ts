import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRun } from '@mnas/plugin-search'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ended, startMnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mnas-kill-'))
  await smallPictures(join(folder, 'pictures'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const search = (run: string, device = 'replay') => [
  ...['search', '--data', join(folder, 'pictures'), '--device', device, '--out', join(folder, run)],
  ...['--size', '32', '--width', '0.35', '--target-latency', '6ms', '--trials', '4', '--proxy-epochs', '2'],
  // What is trained again is killed on the device that takes no time.
  ...['--workers', '0', '--threads', '1', '--json', '--retrain-top', device === 'replay' ? '3' : '0'],
]

/** The program to its end, or until `killing` kills it: so many milliseconds after so many lines of progress. */
async function run(
  args: readonly string[],
  cache = 'cache',
  killing?: { readonly line: number; readonly laterMs: number },
): Promise<Ended> {
  const running = startMnas(args, { env: { MNAS_CACHE_FOLDER: join(folder, cache), MNAS_PROGRESS: 'jsonl' } })
  if (killing) {
    const reached = running.says((stderr) => stderr.split('\n').length > killing.line)
    const kill = () => void setTimeout(() => running.kill('SIGKILL'), killing.laterMs)
    reached.then(kill, () => undefined)
  }
  return running.ended
}

/** Whole numbers from `low` to `high`, the same for the same seed. */
function randomNumbers(seed: number): (low: number, high: number) => number {
  const random = xoroshiro128plus(seed)
  return (low, high) => low + ((random.next() >>> 0) % (high - low + 1))
}

/** All that must not depend on how often the search was killed: everything but the clock. */
async function essence(run: string) {
  const { store } = await openRun(join(folder, run))
  try {
    return {
      trials: store.trials(),
      told: store.told(),
      strategy: store.state(),
      measurements: store.measurements().map(({ effort, structure }) => ({ effort, structure })),
      steps: store.events().map(({ kind, trial }) => `${kind} ${trial ?? ''}`),
    }
  } finally {
    store.close()
  }
}

describe('a search that is killed', () => {
  it('ends in the same trials after kill -9 at ten random moments', { timeout: 300_000 }, async () => {
    const whole = await run(search('whole'))
    expect(whole.exitCode, whole.stderr).toBe(0)
    const expected = await essence('whole')
    const lines = whole.stderr.split('\n').length

    const seed = Date.now() | 0
    console.log(`seed of the kills: ${seed}`)
    const random = randomNumbers(seed)
    const ends: Ended[] = []
    for (let kill = 0; kill < 10; kill++) {
      const killing = { line: random(1, Math.ceil(lines / 2)), laterMs: random(0, 150) }
      // Another cache folder: nothing that the uninterrupted search measured may help.
      const end = await run(search('killed'), 'other-cache', killing)
      expect(end.signal === 'SIGKILL' || end.exitCode === 0, end.stderr).toBe(true)
      ends.push(end)
    }
    expect(ends.filter(({ signal }) => signal === 'SIGKILL').length).toBeGreaterThan(3)

    const last = await run(search('killed'), 'other-cache')
    expect(last.exitCode, last.stderr).toBe(0)
    const { steps, ...rest } = await essence('killed')
    const { steps: _, ...recorded } = expected
    expect(rest).toEqual(recorded)
    // Training that was interrupted begins again from its checkpoint; nothing else is done twice.
    const once = (all: readonly string[]) =>
      all.filter((step, index) => !step.startsWith('training') || all.indexOf(step) === index)
    expect(once(steps)).toEqual(once(expected.steps))
    expect(last.json()).toEqual({ ...whole.json(), run: join(folder, 'killed') })
  })

  it('with real measurements loses, repeats and measures again nothing that was recorded', { timeout: 300_000 }, async () => {
    const random = randomNumbers(Date.now() | 0)
    const kill = () => run(search('real', 'host'), 'cache', { line: random(1, 8), laterMs: random(0, 1500) })
    let recorded = await recordedAfter(kill)
    for (let kills = 1; kills < 5; kills++) {
      const now = await recordedAfter(kill)
      expect(now.measurements.slice(0, recorded.measurements.length)).toEqual(recorded.measurements)
      expect(now.ended.slice(0, recorded.ended.length)).toEqual(recorded.ended)
      recorded = now
    }
    const last = await recordedAfter(() => run(search('real', 'host')))
    expect(last.measurements.slice(0, recorded.measurements.length)).toEqual(recorded.measurements)
    expect(last.ended.slice(0, recorded.ended.length)).toEqual(recorded.ended)
    const once = last.measurements.map(({ structure, effort }) => `${structure} ${effort}`)
    expect(new Set(once).size).toBe(once.length)
    const candidates = last.ended.map(({ candidate }) => candidate)
    expect(new Set(candidates).size).toBe(candidates.length)
    expect(last.ended.filter(({ outcome }) => outcome?.status === 'completed').length).toBe(4)
  })
})

/** What the run holds for good after a command that may have been killed before there was a run. */
async function recordedAfter(command: () => Promise<Ended>) {
  const end = await command()
  expect(end.signal === 'SIGKILL' || end.exitCode === 0, end.stderr).toBe(true)
  const opened = await openRun(join(folder, 'real')).catch(() => null)
  if (!opened) return { measurements: [], ended: [] }
  try {
    const { store } = opened
    return { measurements: store.measurements(), ended: store.trials().filter(({ outcome }) => outcome !== null) }
  } finally {
    opened.store.close()
  }
}
