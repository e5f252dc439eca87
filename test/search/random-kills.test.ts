import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRun } from '@mnas/plugin-search'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { childrenOf } from '../support/children-of.js'
import { type Ended, type RunningMnas, startMnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { randomNumbers } from '../support/random-numbers.js'

/** MNAS_TEST_KILLS=20 for more of them. */
const kills = Number(process.env['MNAS_TEST_KILLS'] ?? 2)
const trials = 4

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mnas-kills-'))
  await smallPictures(join(folder, 'pictures'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const small = ['--size', '32', '--width', '0.35', '--target-latency', '6ms', '--trials', `${trials}`, '--proxy-epochs', '2']
const start = (run: string, cache: string, more: readonly string[]) =>
  startMnas(
    [
      ...['search', '--data', join(folder, 'pictures'), '--device', 'replay', '--out', join(folder, run), ...small, ...more],
      ...['--workers', '0', '--threads', '1', '--json'],
    ],
    { env: { MNAS_CACHE_FOLDER: join(folder, cache), MNAS_PROGRESS: 'jsonl' } },
  )

/** One of its trainings if there is one, then after a while the search itself. */
async function killAtRandom(running: RunningMnas, lines: number, random: (low: number, high: number) => number): Promise<Ended> {
  const killed = async () => {
    const line = random(1, lines)
    const [workerFirst, laterMs] = [random(0, 1) === 1, random(0, 150)]
    await running.says((stderr) => stderr.split('\n').length > line)
    if (workerFirst) {
      const [worker] = await childrenOf(running.pid, 'training-process')
      if (worker !== undefined) process.kill(worker, 'SIGKILL')
      const said = line + random(1, 3)
      await running.says((stderr) => stderr.split('\n').length > said)
    }
    setTimeout(() => running.kill('SIGKILL'), laterMs)
  }
  // It may end before its moment has come.
  killed().catch(() => undefined)
  const end = await running.ended
  expect(end.signal === 'SIGKILL' || end.exitCode === 0, end.stderr).toBe(true)
  return end
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
      // A training that was interrupted begins again from its checkpoint; nothing else is done twice.
      steps: store
        .events()
        .map(({ kind, trial }) => `${kind} ${trial ?? ''}`)
        .filter((step, index, all) => !step.startsWith('training') || all.indexOf(step) === index),
    }
  } finally {
    store.close()
  }
}

/** When each job's training came to its end, as long as that is known. */
async function trainedAt(run: string): Promise<ReadonlyMap<string, number>> {
  const checkpoints = join(folder, run, 'checkpoints')
  const names = await readdir(checkpoints).catch(() => [])
  const times = names.map(async (name): Promise<readonly (readonly [string, number])[]> => {
    const result = await stat(join(checkpoints, name, 'result.json')).catch(() => null)
    return result ? [[name, result.mtimeMs]] : []
  })
  return new Map((await Promise.all(times)).flat())
}

function seeded() {
  const seed = Date.now() | 0
  console.log(`seed of the kills: ${seed}`)
  return randomNumbers(seed)
}

interface Counts {
  readonly completed: number
  /** With rungs. */
  readonly paused?: number
}

const rungs = ['--rungs', '1@24', '--rung-eta', '2']
const manners = [
  { manner: 'that trains each network once', more: [] },
  { manner: 'with rungs', more: rungs },
] as const

describe.each(manners)('a search $manner, with its trainings killed and killed itself at random moments', ({ manner, more }) => {
  const name = (run: string) => `${run}-${manner.replaceAll(' ', '-')}`

  it('ends in the same trials with one worker', { timeout: 600_000 }, async () => {
    const again = [...more, '--retrain-top', '3']
    const whole = await start(name('whole'), 'cache', again).ended
    expect(whole.exitCode, whole.stderr).toBe(0)
    const lines = whole.stderr.split('\n').length
    const random = seeded()
    // Another cache folder: nothing that the uninterrupted search measured may help.
    for (let kill = 0; kill < kills; kill++)
      await killAtRandom(start(name('killed'), 'other', again), Math.ceil(lines / 2), random)
    const last = await start(name('killed'), 'other', again).ended
    expect(last.exitCode, last.stderr).toBe(0)
    expect(await essence(name('killed'))).toEqual(await essence(name('whole')))
    expect(last.json()).toEqual({ ...whole.json(), run: join(folder, name('killed')) })
  })

  it('loses nothing and trains nothing to its end twice with two workers', { timeout: 600_000 }, async () => {
    const two = [...more, '--jobs', '2', '--retrain-top', '0']
    const random = seeded()
    let ended: readonly { readonly id: number }[] = []
    let counts: Counts = { completed: 0 }
    const trained = new Map<string, number>()
    for (let kill = 0; kill <= kills; kill++) {
      const running = start(name('two'), 'cache', two)
      const end = kill < kills ? await killAtRandom(running, 30, random) : await running.ended
      if (kill === kills) {
        expect(end.exitCode, end.stderr).toBe(0)
        counts = end.json<{ readonly counts: Counts }>().counts
      }
      const opened = await openRun(join(folder, name('two'))).catch(() => null)
      if (!opened) continue
      const now = opened.store.trials().filter(({ outcome }) => outcome !== null)
      opened.store.close()
      const before = new Set(ended.map(({ id }) => id))
      expect(now.filter(({ id }) => before.has(id))).toEqual(ended)
      ended = now
      for (const [job, at] of await trainedAt(name('two'))) {
        expect(trained.get(job) ?? at).toBe(at)
        trained.set(job, at)
      }
    }
    const { trials: all } = await essence(name('two'))
    expect(new Set(all.map(({ candidate }) => candidate)).size).toBe(all.length)
    expect(counts).toMatchObject({ failed: 0, lost: 0, pending: 0 })
    expect(counts.completed + (counts.paused ?? 0)).toBe(trials)
    if (more.length === 0) expect(counts.completed).toBe(trials)
  })
})
