import { join } from 'node:path'
import type { Facts } from '@mnas/core/contracts'
import { openRun } from '@mnas/plugin-search'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { temporaryFolder } from '../support/temporary-folder.js'

interface Limit {
  readonly flag: string
  /** Some networks are beyond it. */
  readonly most: string
  /** `most` as a number. */
  readonly atMost: number
  /** null: not known before the file was written. */
  readonly of: (facts: Facts) => number | null
  readonly tooLittle: string
  readonly says: RegExp
}
const limits: readonly Limit[] = [
  {
    ...{ flag: '--max-parameters', most: '400000', atMost: 400_000, tooLittle: '1000' },
    of: ({ costs }) => costs.parameters,
    says: /expected at most 1000 parameters, but the smallest one .* has \d+ parameters/,
  },
  {
    ...{ flag: '--max-size', most: '1MiB', atMost: 2 ** 20, tooLittle: '10KiB' },
    of: ({ sizeBytes }) => sizeBytes,
    says: /expected at most 10 KiB of file, but the smallest one .* has \d+ KiB of file/,
  },
  {
    ...{ flag: '--max-memory', most: '100KiB', atMost: 100 * 2 ** 10, tooLittle: '1KiB' },
    of: ({ costs }) => costs.peakMemoryBytes,
    says: /expected at most 1 KiB of activations, but the smallest one .* has \d+ KiB of activations/,
  },
]

let temporary: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  temporary = await temporaryFolder('limits')
  await smallPictures(join(temporary.path, 'pictures'))
})
afterAll(() => temporary.remove())

/** One trial, and so long a target that nothing is too slow: what is infeasible is so by the limit. */
const search = (out: string, ...words: string[]) =>
  mnas(
    [
      ...['search', '--data', 'pictures', '--device', 'replay', '--size', '32', '--width', '0.35', '--proxy-epochs', '1'],
      ...['--threads', '1', '--workers', '0', '--target-latency', '100ms', '--trials', '1', '--out', out, ...words],
    ],
    { cwd: temporary.path, env: { MNAS_CACHE_FOLDER: join(temporary.path, 'cache'), MNAS_PROGRESS: 'none' } },
  )

describe('mnas search within limits', () => {
  it('trains what keeps all of them, and nothing that is beyond one', async () => {
    const found = await search('run', '--json', ...limits.flatMap(({ flag, most }) => [flag, most]))
    expect(found.exitCode, found.stderr).toBe(0)
    const { store } = await openRun(join(temporary.path, 'run'))
    const trials = store.trials().map(({ facts, outcome }) => ({
      status: outcome?.status,
      beyond: limits.filter(({ of, atMost }) => (of(facts) ?? 0) > atMost).map(({ flag }) => flag),
    }))
    const timed = store.events().flatMap(({ kind, trial }) => (kind === 'measured' && trial !== null ? [trial] : []))
    const measured = new Set(timed).size
    store.close()
    expect(trials).toEqual(trials.map(({ beyond }) => ({ status: beyond.length > 0 ? 'infeasible' : 'completed', beyond })))
    expect(trials.at(-1)?.status).toBe('completed')
    // Sizes are predicted: what is beyond a limit is not timed.
    const { rejected } = found.json<{ readonly counts: { readonly rejected: number } }>().counts
    expect(measured).toBe(trials.length - rejected)
  })

  it.each(limits)('says before the first trial that no network keeps $flag $tooLittle', async ({ flag, tooLittle, says }) => {
    const { exitCode, stdout, stderr } = await search('unreachable', flag, tooLittle)
    expect(stderr).toContain('MNAS_SEARCH_LIMIT_UNREACHABLE')
    expect(stderr).toMatch(says)
    expect({ exitCode, stdout }).toEqual({ exitCode: 8, stdout: '' })
  })
})
