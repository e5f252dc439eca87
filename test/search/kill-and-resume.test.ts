import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRun } from '@mnas/plugin-search'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ended, startMnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { randomNumbers } from '../support/random-numbers.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mnas-kill-'))
  await smallPictures(join(folder, 'pictures'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const search = [
  ...['search', '--data', 'pictures', '--device', 'host', '--out', 'real', '--retrain-top', '0'],
  ...['--size', '32', '--width', '0.35', '--target-latency', '6ms', '--trials', '4', '--proxy-epochs', '2'],
  ...['--workers', '0', '--threads', '1', '--json'],
]

/** The program to its end, or until it is killed: so many milliseconds after so many lines of progress. */
async function run(killing?: { readonly line: number; readonly laterMs: number }): Promise<Ended> {
  const running = startMnas(search, { cwd: folder, env: { MNAS_CACHE_FOLDER: join(folder, 'cache'), MNAS_PROGRESS: 'jsonl' } })
  if (killing) {
    const reached = running.says((stderr) => stderr.split('\n').length > killing.line)
    const kill = () => void setTimeout(() => running.kill('SIGKILL'), killing.laterMs)
    reached.then(kill, () => undefined)
  }
  return running.ended
}

describe('a search with real measurements that is killed', () => {
  it('loses, repeats and measures again nothing that was recorded', { timeout: 300_000 }, async () => {
    const random = randomNumbers(Date.now() | 0)
    const kill = () => run({ line: random(1, 8), laterMs: random(0, 1500) })
    let recorded = await recordedAfter(kill)
    for (let kills = 1; kills < 5; kills++) {
      const now = await recordedAfter(kill)
      expect(now.measurements.slice(0, recorded.measurements.length)).toEqual(recorded.measurements)
      expect(now.ended.slice(0, recorded.ended.length)).toEqual(recorded.ended)
      recorded = now
    }
    const last = await recordedAfter(run)
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
