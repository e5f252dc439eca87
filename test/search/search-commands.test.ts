import { access, cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { leaseRun } from '@mnas/plugin-search'
import { searchLatencyAnswer } from '@mnas/plugin-search/answers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ended, mnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { temporaryFolder } from '../support/temporary-folder.js'

interface Candidate {
  readonly id: string
  readonly architecture: { readonly name: string; readonly blocks: readonly object[] }
  readonly accuracy: number
  readonly latencyMs: number
  readonly parameters: number
  readonly macs: number
}
interface SearchAnswer {
  readonly version: number
  readonly run: string
  readonly best: string
  readonly candidates: readonly Candidate[]
  readonly counts: Readonly<Record<string, number>>
  readonly pick: string | null
  readonly finalists: readonly (Candidate & { readonly again: { readonly accuracy: number; readonly mean: number } })[]
}

let temporary: Awaited<ReturnType<typeof temporaryFolder>>
let run: string
let finished: Ended
const cli = (...words: string[]) =>
  mnas(words, { cwd: temporary.path, env: { MNAS_CACHE_FOLDER: join(temporary.path, 'cache'), MNAS_PROGRESS: 'plain' } })
const search = (...words: string[]) =>
  cli('search', '--data', 'pictures', '--device', 'replay', '--size', '32', '--proxy-epochs', '1', '--threads', '1', ...words)
const fast = ['--width', '0.35', '--target-latency', '6ms']
const small = [...fast, '--trials', '2', '--retrain-top', '0']

/** Overwrites the first leaf of a table that holds a text: showing a run reads no measurement but the last. */
async function spoilFirstLeafWith(text: string, database: string): Promise<void> {
  const bytes = await readFile(database)
  const pageBytes = bytes.readUInt16BE(16)
  const pages = Array.from({ length: bytes.length / pageBytes }, (_, at) => bytes.subarray(at * pageBytes, (at + 1) * pageBytes))
  // SQLite's file format, 1.6: 13 begins a leaf of a table.
  pages.find((page) => page[0] === 13 && page.includes(text))!.fill(0x5a)
  await writeFile(database, bytes)
}

beforeAll(async () => {
  temporary = await temporaryFolder('search')
  await smallPictures(join(temporary.path, 'pictures'))
  run = join(temporary.path, 'run')
  finished = await search(...small, '--out', 'run', '--json')
})
afterAll(() => temporary.remove())

describe('mnas search', () => {
  it('answers with versioned JSON, every candidate within the budget, and says that the device is emulated', async () => {
    expect(finished.exitCode, finished.stderr).toBe(0)
    const answer = finished.json<SearchAnswer>()
    expect(answer).toMatchObject({ version: 1, run: 'run', reason: 'trials', width: 0.35, targetMs: 6 })
    expect(answer.counts).toMatchObject({ completed: 2, failed: 0, lost: 0, pending: 0 })
    expect(answer.candidates.length).toBeGreaterThan(0)
    for (const candidate of answer.candidates) {
      expect(candidate.architecture.blocks).toHaveLength(7)
      expect(candidate.latencyMs).toBeLessThanOrEqual(6)
      expect(candidate.accuracy).toBeGreaterThanOrEqual(0)
      expect(candidate.accuracy).toBeLessThanOrEqual(1)
      expect(candidate.parameters).toBeGreaterThan(0)
      expect(candidate.macs).toBeGreaterThan(0)
    }
    expect(answer.candidates.map(({ id }) => id)).toContain(answer.best)
    expect(finished.stderr).toContain('emulated')
  })

  it('shows the run and its front, in words and as JSON', async () => {
    const front = (await cli('search', 'front', 'run', '--json')).json<SearchAnswer>()
    expect(front).toEqual({ version: 1, run: 'run', candidates: finished.json<SearchAnswer>().candidates })
    const shown = (await cli('search', 'show', 'run', '--json')).json<SearchAnswer & { trials: readonly { status: string }[] }>()
    expect(shown).toMatchObject({ version: 1, run: 'run', best: finished.json<SearchAnswer>().best, settings: { size: 32 } })
    expect(shown.trials.filter(({ status }) => status === 'completed')).toHaveLength(2)
    expect((await cli('search', 'show', 'run')).stdout).toContain(`${shown.best} *`)
    expect((await cli('search', 'front', 'run')).stdout).toContain(front.candidates[0]!.id)
  })

  it('foretells latencies: of the run, of networks that it has not seen, of a model', async () => {
    const answer = async (...words: string[]) =>
      searchLatencyAnswer.parse((await cli('search', 'latency', ...words, '--json')).json())
    const { latencyModel } = (await cli('search', 'show', 'run', '--json')).json<{ latencyModel: Record<string, number> }>()
    const own = await answer('run')
    expect(own.networks.map(({ role }) => role)).toEqual([
      ...Array(9).fill('calibration'),
      ...Array(own.networks.length - 9).fill('trial'),
    ])
    const { networks, ...known } = latencyModel
    expect(own).toMatchObject({ device: 'replay', ...known })
    expect(own.networks).toHaveLength(networks!)
    const unseen = await answer('run', '--unseen', '2', '--device', 'replay')
    expect(unseen.networks.map(({ role }) => role)).toEqual(['unseen', 'unseen'])
    expect(unseen.margin).toBe(own.margin)
    const seen = new Set(own.networks.map(({ id }) => id))
    for (const { id, predictedMs } of unseen.networks) {
      expect(seen.has(id)).toBe(false)
      expect(predictedMs).toBeGreaterThanOrEqual(3)
      expect(predictedMs).toBeLessThanOrEqual(9)
    }
    const model = await cli('search', 'latency', 'mnasnet-small@0.35', '--run', 'run', '--device', 'replay')
    expect(model.stdout).toMatch(/mnasnet-small@0\.35 +model +\d+\.\d{3} +\d+\.\d{3}/)
    expect((await cli('search', 'latency', 'run', 'mnasnet-small')).stderr).toContain('MNAS_SEARCH_LATENCY_MODEL')
  })

  it('measures on the device of the run where none is named, and says what is not as it was', async () => {
    const same = await cli('search', 'latency', 'run', '--unseen', '1', '--json')
    expect(searchLatencyAnswer.parse(same.json())).toMatchObject({ device: 'replay' })
    expect(same.stderr).not.toMatch(/The run (was )?measured/)
    const slower = await cli('search', 'latency', 'run', '--unseen', '1', '--option', 'factor=2', '--json')
    expect(slower.stderr).toMatch(/The run measured in another way: device\.flags\.factor is not set in the run and 2 now/)
  })

  it('writes a report of the run as one page, where it is told to', async () => {
    const report = await cli('search', 'report', 'run', '--out', 'photos.html', '--json')
    const { best, counts } = finished.json<SearchAnswer>()
    expect(report.json()).toMatchObject({ version: 1, run: 'run', file: 'photos.html', best, counts })
    expect(await readFile(join(temporary.path, 'photos.html'), 'utf8')).toContain(best)
    expect((await cli('search', 'report', 'run')).stdout).toContain(join('run', 'report.html'))
  })

  it('reads the whole database with show --check, where a damaged page may lie that nobody asked for', async () => {
    const shown = await cli('search', 'show', 'run', '--json')
    expect(await cli('search', 'show', 'run', '--check', '--json')).toMatchObject({ stdout: shown.stdout, exitCode: 0 })
    await cp(run, join(temporary.path, 'spoiled'), { recursive: true })
    await spoilFirstLeafWith('"processes":[', join(temporary.path, 'spoiled', 'run.db'))
    expect((await cli('search', 'show', 'spoiled')).exitCode).toBe(0)
    const { exitCode, stdout, stderr } = await cli('search', 'show', 'spoiled', '--check')
    expect(stderr).toContain('MNAS_RUN_CORRUPT')
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' })
  })

  it('keeps the best as architecture and proxy weights', async () => {
    const { best, candidates } = finished.json<SearchAnswer>()
    const recorded = JSON.parse(await readFile(join(run, 'best.json'), 'utf8'))
    expect(recorded).toMatchObject({ version: 1, id: best })
    const architecture = candidates.find(({ id }) => id === best)!.architecture
    expect(recorded.architecture).toEqual(architecture)
    expect(JSON.parse(await readFile(join(run, 'models', `${best}.json`), 'utf8'))).toEqual(architecture)
    const shown = await cli('arch', 'show', join('run', 'models', `${best}.json`), '--json')
    expect(shown.json()).toMatchObject({ parameters: candidates.find(({ id }) => id === best)!.parameters })
  })

  it('does nothing again when it is repeated; goes on with more trials, and trains the best again', async () => {
    const again = await search(...small, '--out', 'run', '--json')
    expect(again.json()).toEqual(finished.json())
    const more = await search(...fast, '--trials', '3', '--retrain-top', '2', '--out', 'run', '--json')
    const { counts, finalists, best } = more.json<SearchAnswer>()
    expect(counts).toMatchObject({ completed: 3 })
    expect(finalists).toHaveLength(2)
    for (const { accuracy, again } of finalists) expect(again.mean).toBeCloseTo((accuracy + again.accuracy) / 2, 9)
    const winner = finalists.reduce((a, b) => (b.again.mean > a.again.mean ? b : a))
    expect(best).toBe(winner.id)
    expect((await cli('search', 'show', 'run')).stdout).toContain('trained again from another seed')
  })

  it('says what a trial will cost and writes no run', async () => {
    const answer = (await search(...small, '--out', 'dry', '--dry-run', '--json')).json()
    expect(answer).toMatchObject({ version: 1, dryRun: true, trials: 2, classes: 4, stepsPerTrial: 1 })
    expect(answer['secondsPerTrial']).toBeGreaterThan(0)
    expect(answer['seconds']).toBeCloseTo(2 * Number(answer['secondsPerTrial']), 9)
    const rungs = await search(...small, '--rungs', '2@24', '--out', 'dry', '--dry-run', '--json')
    expect(rungs.json()).toMatchObject({ stepsPerTrial: 3 })
    await expect(access(join(temporary.path, 'dry'))).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

describe('mnas search, asked wrongly', () => {
  const expectError = (result: Ended, code: string, exitCode: number, text: RegExp) => {
    expect(result.stderr).toMatch(text)
    expect(result.stderr).toContain(code)
    expect(result.exitCode).toBe(exitCode)
    expect(result.stdout).toBe('')
  }
  const nothingAt = (name: string) => expect(access(join(temporary.path, name))).rejects.toMatchObject({ code: 'ENOENT' })

  it('names other settings than the run began with', async () => {
    const result = await search(...small, '--seed', '9', '--out', 'run')
    expectError(result, 'MNAS_RUN_SETTINGS', 3, /seed is 0 in the run and 9 now/)
    const slower = await search(...small, '--option', 'factor=2', '--out', 'run')
    expectError(slower, 'MNAS_RUN_SETTINGS', 3, /device.* is .* in the run and .* now/)
  })

  it('names an unknown strategy, objective and device with the nearest name', async () => {
    expectError(await search('--strategy', 'evolutoin', '--out', 'x'), 'MNAS_NAME_UNKNOWN', 3, /Did you mean "evolution"/)
    expectError(await search('--objective', 'sofd', '--out', 'x'), 'MNAS_NAME_UNKNOWN', 3, /Did you mean "soft"/)
    const option = await search('--strategy', 'ppo', '--strategy-option', 'preset=papre', '--out', 'x')
    expectError(option, 'MNAS_OPTION_VALUE', 2, /of strategy ppo\. Expected small or paper, received "papre"/)
    const device = await cli('search', '--data', 'pictures', '--device', 'hots', '--out', 'x')
    expectError(device, 'MNAS_NAME_UNKNOWN', 3, /Did you mean "host"/)
    await nothingAt('x')
  })

  it('says what is reachable, and leaves no run behind', async () => {
    const result = await search('--target-latency', '0.01ms', '--out', 'tight')
    expectError(result, 'MNAS_SEARCH_TARGET_UNREACHABLE', 8, /the smallest one \(width 0\.35, 32 px\) takes \d+\.\d+ ms/)
    await nothingAt('tight')
  })

  it('refuses an objective without its target, a width that is none, a target without a unit', async () => {
    expectError(await search('--objective', 'hard', '--out', 'x'), 'MNAS_SEARCH_TARGET_NEEDED', 2, /--target-latency/)
    expectError(await search('--width', 'wide', '--out', 'x'), 'MNAS_SEARCH_WIDTH', 2, /received "wide"/)
    expect((await search('--target-latency', '10', '--out', 'x')).exitCode).toBe(2)
    await nothingAt('x')
  })

  it('warns that the target of a soft objective cannot act', async () => {
    const { stderr } = await search('--objective', 'soft', '--target-latency', '0.01ms', '--out', 'tight')
    expect(stderr).toMatch(/cannot act/)
  })

  it('allows one writer, and a reader beside it', async () => {
    const leased = await leaseRun(run)
    try {
      expectError(await search(...small, '--out', 'run'), 'MNAS_RUN_LOCKED', 3, /in use/)
      expect((await cli('search', 'show', 'run')).exitCode).toBe(0)
    } finally {
      leased.release()
    }
  })

  it('names a folder that is no run, one that holds something else, one that cannot be made', async () => {
    expectError(await cli('search', 'show', 'pictures'), 'MNAS_RUN_MISSING', 3, /not a run/)
    expectError(await search(...small, '--out', 'pictures'), 'MNAS_RUN_FOLDER', 3, /a place among the images/)
    await writeFile(join(temporary.path, 'file'), '')
    expectError(await search(...small, '--out', join('file', 'run')), 'MNAS_FILE_WRITE', 3, /file stands where a folder/)
  })

  it('names a corrupt run.db', async () => {
    const corrupt = join(temporary.path, 'corrupt')
    await mkdir(corrupt)
    await writeFile(join(corrupt, 'run.json'), await readFile(join(run, 'run.json')))
    await writeFile(join(corrupt, 'run.db'), 'not a database '.repeat(1000))
    expectError(await search(...small, '--out', 'corrupt'), 'MNAS_RUN_CORRUPT', 3, /run\.db/)
    expectError(await cli('search', 'front', 'corrupt'), 'MNAS_RUN_CORRUPT', 3, /run\.db/)
  })

  it('names images that are missing', async () => {
    const result = await cli('search', '--data', 'nowhere', '--device', 'replay', '--out', 'x')
    expect(result.exitCode).toBe(7)
    expect(result.stderr).toContain('nowhere')
    await nothingAt('x')
  })
})
