import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRun } from '@mnas/plugin-search'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ended, startMnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mnas-workers-'))
  await smallPictures(join(folder, 'pictures'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const trials = 5
const search = (run: string) => [
  ...['search', '--data', join(folder, 'pictures'), '--device', 'replay', '--out', join(folder, run), '--jobs', '2'],
  ...[
    '--size',
    '32',
    '--width',
    '0.35',
    '--target-latency',
    '6ms',
    '--trials',
    `${trials}`,
    '--proxy-epochs',
    '2',
    '--retrain-top',
    '0',
  ],
  ...['--workers', '0', '--threads', '1', '--json'],
]
const start = (run: string) =>
  startMnas(search(run), { env: { MNAS_CACHE_FOLDER: join(folder, 'cache'), MNAS_PROGRESS: 'jsonl' } })

/** The program until so many trainings have told a step, then kill -9. */
async function killedAt(run: string, trainings: number): Promise<Ended> {
  const running = start(run)
  running
    .says((stderr) => begunIn(stderr).size >= trainings)
    .then(
      () => running.kill('SIGKILL'),
      () => undefined,
    )
  return running.ended
}

/** Numbers of the trials that told a step. */
function begunIn(stderr: string): ReadonlySet<string> {
  const notes = [...stderr.matchAll(/"note":"(?:[^"]* · )?trials? ([\d, ]+?)[",]/g)]
  return new Set(notes.flatMap(([, numbers]) => numbers!.split(', ').map((number) => number.trim())))
}

async function recorded(run: string) {
  const opened = await openRun(join(folder, run))
  try {
    const all = opened.store.trials()
    return { all, ended: all.filter(({ outcome }) => outcome !== null), pending: opened.store.pending() }
  } finally {
    opened.store.close()
  }
}

describe('a search with two workers', () => {
  it('loses nothing that was recorded and trains nothing twice after kill -9', { timeout: 300_000 }, async () => {
    let before = { ended: [] as readonly { readonly id: number }[], pending: [] as readonly { readonly candidate: string }[] }
    for (const trainings of [1, 2, 3]) {
      const end = await killedAt('killed', trainings)
      expect(end.signal === 'SIGKILL' || end.exitCode === 0, end.stderr).toBe(true)
      const now = await recorded('killed')
      const ids = new Set(before.ended.map(({ id }) => id))
      expect(now.ended.filter(({ id }) => ids.has(id))).toEqual(before.ended)
      before = now
    }
    expect(before.pending.length).toBeGreaterThan(0)

    const last = await start('killed').ended
    expect(last.exitCode, last.stderr).toBe(0)
    const { all, pending } = await recorded('killed')
    expect(pending).toEqual([])
    const trained = all.filter(({ outcome }) => outcome?.status === 'completed')
    expect(trained).toHaveLength(trials)
    expect(last.json()).toMatchObject({ counts: { completed: trials, failed: 0, lost: 0, pending: 0 } })
    // What was begun when it died has been trained, and nobody else.
    const candidates = trained.map(({ candidate }) => candidate)
    for (const { candidate } of before.pending) expect(candidates).toContain(candidate)
    expect(new Set(candidates).size).toBe(trials)
    const jobs = (await readdir(join(folder, 'killed', 'checkpoints'))).filter((name) => /^[0-9a-f]{64}$/.test(name))
    expect(jobs).toHaveLength(trials)
  })
})
