import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { macroObjective } from '../../bench/search/objectives/macro.mjs'
import { openObjective } from '../../bench/search/objectives/objectives.mjs'
import { searchOnce } from '../../bench/search/search-once.mjs'
import { difference } from '../../bench/search/statistics.mjs'
import random from '../../packages/plugin-search/dist/strategies/random-strategy.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const bench = async (script: string, ...args: string[]) =>
  (await promisify(execFile)(process.execPath, [`bench/search/${script}`, ...args], { cwd: root })).stdout

describe('the bench of searches', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  beforeAll(async () => {
    folder = await temporaryFolder('bench')
  })
  afterAll(() => folder.remove())

  it('runs each search once and puts what was run into tables', async () => {
    const cell = ['--objectives', 'macro', '--methods', 'random,model', '--trials', '8', '--seeds', '2']
    const ran = await bench('run.mjs', folder.path, ...cell)
    expect(ran.trim().split('\n')).toHaveLength(4)
    expect(await readdir(folder.path)).toContain('macro-hard-exact-model-8-2.json')

    expect(await bench('run.mjs', folder.path, ...cell)).toBe('')
    const table = await bench('table.mjs', folder.path, '--trials', '8')
    expect(table).toMatch(/\| model +\| \d\d\.\d\d ± \d+\.\d\d \(\d\d\.\d\d.*; n = 2\) \|/)
  })

  it('goes on in the same way wherever it is looked at', async () => {
    const search = (marks: readonly number[]) =>
      searchOnce({ factory: random }, macroObjective, { goal: 'hard', trials: marks.at(-1), marks, seed: 1, noisy: true })
    const [short, long] = [await search([20]), await search([20, 40])]
    expect(long.marks[20]).toEqual(short.marks[20])
    expect(long.curve.slice(0, 2)).toEqual(short.curve)
    expect(long.trials).toBe(40)
  })

  it.each([
    ['pairs', 0.7371486059611382],
    ['cliff', 0.7012647455845281],
    ['peaks', 0.6568884300335047],
    ['weakest', 0.6630195363002506],
  ] as const)('keeps the formula of %s', async (name, ofSmallest) => {
    const { space, value, targetMs } = await openObjective(name)
    expect(value(space.smallest())).toBeCloseTo(ofSmallest, 12)
    expect(targetMs).toBeCloseTo(13.501599133333333, 9)
  })

  it("gives Welch's interval", () => {
    // Means 3 and 5, variances 2.5 and 10: 5.88 degrees of freedom, whose .975 quantile is 2.459.
    const { at, from, to } = difference([1, 2, 3, 4, 5], [1, 3, 5, 7, 9])
    expect(at).toBe(-2)
    expect(to - at).toBeCloseTo(2.459 * Math.sqrt(2.5), 2)
    expect(at - from).toBeCloseTo(to - at, 9)
  })
})
