import { execFile, spawnSync } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { openDatabase } from '@mnas/core/storage'
import { openRun } from '@mnas/plugin-search'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bin, type Ended, mnas, startMnas } from '../support/mnas.js'
import { temporaryFolder } from '../support/temporary-folder.js'

interface Given {
  readonly trial: number
  readonly id: string
  readonly latencyMs: number
}
interface Told {
  readonly status: string
  readonly best: string
}

let temporary: Awaited<ReturnType<typeof temporaryFolder>>
const run = () => join(temporary.path, 'run')
const options = () => ({ cwd: temporary.path, env: { MNAS_CACHE_FOLDER: join(temporary.path, 'cache'), MNAS_PROGRESS: 'plain' } })
const cli = (...words: string[]) => mnas(['search', ...words], options())
const start = (...words: string[]) => startMnas(['search', ...words], options())
const small = [
  ...['--classes', '4', '--size', '32', '--width', '0.35', '--target-latency', '6ms'],
  ...['--device', 'replay', '--strategy', 'evolution'],
]

async function given(...words: string[]): Promise<readonly Given[]> {
  const ended = await cli('ask', 'run', ...words, '--json')
  expect(ended.exitCode, ended.stderr).toBe(0)
  return ended.json<{ trials: readonly Given[] }>().trials
}
const tell = (trial: number, ...words: string[]) => cli('tell', 'run', '--trial', `${trial}`, ...words, '--json')

function expectError({ exitCode, stderr, stdout }: Ended, code: string, exit: number, text: RegExp): void {
  expect(`${stdout}${stderr}`).toContain(code)
  expect(`${stdout}${stderr}`).toMatch(text)
  expect(exitCode).toBe(exit)
}

/** As if so much time had passed that every lease is over. */
function endLeases(): void {
  const database = openDatabase(join(run(), 'run.db'), { waitMs: 10_000 })
  database.run('UPDATE leases SET until_ms = 1')
  database.close()
}

beforeAll(async () => {
  temporary = await temporaryFolder('asked')
  const begun = await cli('new', 'run', ...small, '--json')
  expect(begun.exitCode, begun.stderr).toBe(0)
  expect(begun.json()).toMatchObject({ version: 1, run: 'run', width: 0.35, targetMs: 6, metric: 'top1', measured: 9 })
})
afterAll(() => temporary.remove())

describe('a run that is asked and told', () => {
  const python = spawnSync('python3', ['--version']).status === 0

  it.skipIf(!python && !process.env['CI'])('is searched by a program of twenty lines of Python', async () => {
    const script = fileURLToPath(new URL('../../docs/examples/ask_and_tell.py', import.meta.url))
    const { cwd, env } = options()
    const { stdout } = await promisify(execFile)('python3', [script, 'run', '2'], {
      cwd,
      env: { ...process.env, ...env, MNAS: `${process.execPath} ${bin}` },
    })
    expect(stdout).toMatch(/^trial \d+: 0\.\d+ at \d+\.\d+ ms; the best so far is [0-9a-f]{12}\ntrial /)
    const shown = (await cli('show', 'run', '--json')).json<{ best: string; counts: object; candidates: readonly Given[] }>()
    expect(shown.counts).toMatchObject({ completed: 2, pending: 0, failed: 0 })
    expect(stdout).toContain(shown.best)
    for (const { latencyMs } of shown.candidates) expect(latencyMs).toBeLessThanOrEqual(6)
    expect((await cli('front', 'run', '--json')).json()).toMatchObject({ candidates: shown.candidates })
    expect(JSON.parse(await readFile(join(run(), 'best.json'), 'utf8'))).toMatchObject({
      id: shown.best,
      architecture: { task: { name: 'classification', options: { classes: 4 } } },
    })
  })

  it('has a database that several computers can open', async () => {
    // SQLite's file format, 1.3: 2 would be a write-ahead log, whose index lies in the memory of one computer.
    expect([...(await readFile(join(run(), 'run.db'))).subarray(18, 20)]).toEqual([1, 1])
  })

  it('says what it searches, and how it is told', async () => {
    const front = [
      '--classes',
      '4',
      '--size',
      '32',
      '--width',
      '0.35',
      '--device',
      'replay',
      '--strategy',
      'evolution',
      '--rungs',
      '2',
    ]
    const { stdout } = await cli('new', 'front of two', ...front)
    expect(stdout).toMatch(/width 0\.35, front from \d+\.\d+ ms to \d+\.\d+ ms, \d+ networks timed/)
    expect(stdout).toContain("search tell 'front of two' --trial 1 --lease 1-1 --rung 1 --metric top1=.5")
  })

  it('says what is wrong with a command', async () => {
    expectError(await tell(1, '--metric', 'top1=71'), 'MNAS_SEARCH_METRIC', 2, /received top1=71 \(71 % is top1=0\.71\)/)
    expectError(await tell(1), 'MNAS_USAGE', 2, /Exactly one/)
    expectError(await tell(1, '--lost', '--rung', '1'), 'MNAS_USAGE', 2, /--rung/)
    expectError(await cli('ask', 'nowhere'), 'MNAS_RUN_MISSING', 3, /nowhere/)
    expectError(await cli('new', 'run', ...small, '--seed', '3'), 'MNAS_RUN_SETTINGS', 3, /seed is 0 in the run and 3 now/)
    expectError(await cli('renew', 'run', '--lease', '999-1'), 'MNAS_SEARCH_LEASE', 3, /there is not/)
  })

  it('loses nothing and trains nothing twice when ask and tell are killed', async () => {
    endLeases()
    const asking = start('ask', 'run', '-n', '2')
    await asking.says(/timing: trial/)
    asking.kill('SIGKILL')
    await asking.ended
    endLeases()
    const trials = await given('-n', '2')
    expect(new Set(trials.map(({ id }) => id)).size).toBe(2)
    const { leases } = (await cli('show', 'run', '--json')).json<{ leases: readonly { trial: number }[] }>()
    expect(leases.map(({ trial }) => trial).sort()).toEqual(trials.map(({ trial }) => trial).sort())
    expect((await cli('show', 'run')).stdout).toMatch(new RegExp(`^trial ${trials[0]!.trial}: with .+ until 20`, 'm'))
    for (const [index, { trial }] of trials.entries()) {
      const words = ['tell', 'run', '--trial', `${trial}`, '--metric', `top1=.${index + 90}`]
      const telling = start(...words)
      await telling.says(index === 0 ? /telling: trial/ : /top-1/)
      telling.kill('SIGKILL')
      await telling.ended
      await rm(join(run(), 'best.json'), { force: true })
      const told = (await cli(...words, '--json')).json<Told>()
      expect(told).toMatchObject({ status: 'completed', best: trials[index]!.id })
      expect(JSON.parse(await readFile(join(run(), 'best.json'), 'utf8'))).toMatchObject({ id: told.best })
    }
    const { store } = await openRun(run())
    try {
      const told = store.told().map(({ trial }) => trial)
      expect(new Set(told).size).toBe(told.length)
      for (const { trial } of trials) expect(told).toContain(trial)
      expect(store.leases()).toEqual([])
      const all = store.trials()
      expect(new Set(all.map(({ candidate }) => candidate)).size).toBe(all.length)
      expect(store.counts()).toMatchObject({ pending: all.filter(({ outcome }) => outcome === null).length })
    } finally {
      store.close()
    }
  })
})
