import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ended, mnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { temporaryFolder } from '../support/temporary-folder.js'

interface Range {
  readonly leastMs: number
  readonly mostMs: number
  readonly hypervolume: number
}
interface Candidate {
  readonly id: string
  readonly accuracy: number
  readonly latencyMs: number
  readonly sizeBytes: number
  readonly peakMemoryBytes: number
}
interface Shown {
  readonly range: Range
  readonly candidates: readonly Candidate[]
  readonly trials: readonly { readonly status: string; readonly hypervolume?: number }[]
}

let temporary: Awaited<ReturnType<typeof temporaryFolder>>
let searched: Ended
const cli = (...words: string[]) =>
  mnas(words, { cwd: temporary.path, env: { MNAS_CACHE_FOLDER: join(temporary.path, 'cache'), MNAS_PROGRESS: 'none' } })
const search = (...words: string[]) =>
  cli(
    ...['search', '--data', 'pictures', '--device', 'replay', '--size', '32', '--width', '0.35', '--proxy-epochs', '1'],
    ...['--threads', '1', '--workers', '0', '--strategy', 'random', ...words],
  )

beforeAll(async () => {
  temporary = await temporaryFolder('front')
  await smallPictures(join(temporary.path, 'pictures'))
  searched = await search('--trials', '2', '--out', 'run', '--json')
})
afterAll(() => temporary.remove())

describe('mnas search without a target', () => {
  it('searches the front between two latencies, and says what it is worth', async () => {
    expect(searched.exitCode, searched.stderr).toBe(0)
    const { range, candidates } = searched.json<Shown>()
    expect(range.leastMs).toBeLessThan(range.mostMs)
    for (const { latencyMs, sizeBytes, peakMemoryBytes } of candidates) {
      expect(latencyMs).toBeLessThanOrEqual(range.mostMs)
      expect(Math.min(sizeBytes, peakMemoryBytes)).toBeGreaterThan(0)
    }
    const shown = (await cli('search', 'show', 'run', '--json')).json<Shown>()
    expect(shown).toMatchObject({ range, candidates })
    const grown = shown.trials.flatMap(({ hypervolume }) => (hypervolume === undefined ? [] : [hypervolume]))
    expect(grown).toHaveLength(2)
    expect(grown.at(-1)).toBeCloseTo(range.hypervolume, 12)
    const { stdout } = await cli('search', 'show', 'run')
    expect(stdout).toMatch(/hypervolume 0\.\d{4} \(share of the range, from accuracy 0 at/)
    expect(stdout).toMatch(/latency +top-1 +parameters +size +memory +hypervolume/)
  })

  it('asks which network of the front is to be trained', async () => {
    const { candidates } = searched.json<Shown>()
    const train = (...words: string[]) => cli('train', 'run', '--data', 'pictures', '--epochs', '1', '--threads', '1', ...words)
    const unsaid = await train()
    expect(unsaid.stderr).toContain('MNAS_MODEL_CANDIDATE')
    for (const { id } of candidates) expect(unsaid.stderr).toMatch(new RegExp(`${id} \\([\\d.]+ % in [\\d.]+ ms\\)`))
    const unknown = await train('--candidate', 'nobody')
    expect(unknown.stderr).toMatch(/received "nobody"/)
    expect([unsaid.exitCode, unknown.exitCode]).toEqual([2, 2])
    const trained = await train('--candidate', candidates[0]!.id, '--out', 'model')
    expect(trained.exitCode, trained.stderr).toBe(0)
    expect(await readdir(join(temporary.path, 'model'))).toContain('model.json')
  })

  it('refuses a range that is none, and one beside a target', async () => {
    const range = await search('--latency-range', '9ms..3ms', '--out', 'x')
    expect(range.stderr).toContain('MNAS_SEARCH_RANGE')
    const both = await search('--latency-range', '3ms..9ms', '--target-latency', '5ms', '--out', 'x')
    expect(both.stderr).toContain('MNAS_SEARCH_GOAL')
    const front = await search('--objective', 'front', '--target-latency', '5ms', '--out', 'x')
    expect(front.stderr).toMatch(/Expected --latency-range, received --target-latency/)
    expect([range.exitCode, both.exitCode, front.exitCode]).toEqual([2, 2, 2])
  })
})
