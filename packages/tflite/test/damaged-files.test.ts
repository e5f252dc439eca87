import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ModelRuntime } from '@mnas/core/contracts'
import { isMnasError } from '@mnas/core/errors'
import { testSurroundings } from '@mnas/core/testing'
import { describe, expect, it } from 'vitest'
import { readModel } from '#internal/flatbuffer/read-model.js'
import { damagedFiles, type Intact } from './support/damage.js'
import { temporaryFolder } from './support/models.js'
import { testedRuntimes } from './support/runtimes.js'
import { smallFiles } from './support/small-files.js'

const around = testSurroundings()
/** More of them: MNAS_TEST_TFLITE_FILES=1000. */
const wish = process.env['MNAS_TEST_TFLITE_FILES']
const intact = await smallFiles()
const files = damagedFiles(intact, Number(wish ?? 100))
/** For a file alone: a loaded machine must not make it look as if it hung, and one that does must not hold the others up. */
const limitMs = 20_000
const limits = { loadMs: limitMs, inferMs: limitMs, timeMs: limitMs }

/** What JavaScript says of a mistake of ours. */
const ofOurs = /undefined|null|NaN|Cannot read|is not (?:a function|iterable|defined)|Invalid|out of bounds|BigInt/

describe('a damaged .tflite file', () => {
  it('is of each kind that we write', () => {
    expect(intact.map(({ name }) => name)).toEqual(['float32', 'float16', 'weights', 'dynamic', 'int8'])
  })

  it('is read, or refused for what it says, whatever its offsets are', () => {
    for (const [at, { bytes }] of files.entries()) {
      const failure = failureOf(() => readModel(bytes.slice()))
      if (failure === null || failure instanceof RangeError) continue
      expect(failure, `file ${at}`).toMatchObject({ constructor: Error, message: expect.not.stringMatching(ofOurs) })
    }
  })
})

for (const { name, missing, create } of await testedRuntimes()) {
  // LiteRT.js is slow to start: a quarter of them.
  const asked = name === 'litert-js' ? files.filter((_, at) => at % 4 === 0) : files

  describe.skipIf(missing)(`${name} and ${asked.length} damaged files`, () => {
    it('runs each or says why not, and no process is left', { timeout: 60_000 + 2000 * asked.length }, async () => {
      const pids: number[] = []
      const outcomes = await outcomesOf(create({ limits, onStart: (pid) => void pids.push(pid) }), asked)
      if (wish) console.info(name, countsOf(outcomes))
      for (const [at, outcome] of outcomes.entries()) expect(outcome, `file ${at}`).toMatch(wellSaid)
      expect(pids).toHaveLength(asked.length)
      for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
    })
  })
}

/** It ran; or a code of ours, and a cause that is no mistake of ours. A crash names its signal or status. */
const wellSaid = new RegExp(
  [
    '^ran$',
    '^MNAS_RUNTIME_MODEL .*: LiteRT.js says .+$',
    `^MNAS_RUNTIME_MODEL (?!.*(?:${ofOurs.source})).+$`,
    '^MNAS_RUNTIME_TYPE .+$',
    '^MNAS_RUNTIME_CRASHED .*(?:ended by SIG[A-Z]+|exit code \\d+|killed by SIGKILL|it used \\d+ MiB).*$',
    '^MNAS_RUNTIME_TIMEOUT .+$',
  ].join('|'),
)

/** Two at a time. */
async function outcomesOf(runtime: ModelRuntime, asked: readonly Intact[]): Promise<readonly string[]> {
  const folder = temporaryFolder()
  const outcomes: string[] = []
  let next = 0
  const lane = async () => {
    for (let at = next++; at < asked.length; at = next++) {
      const path = join(folder, `${at}.tflite`)
      writeFileSync(path, asked[at]!.bytes)
      outcomes[at] = await outcomeOf(runtime, path)
    }
  }
  await Promise.all([lane(), lane()])
  return outcomes
}

async function outcomeOf(runtime: ModelRuntime, path: string): Promise<string> {
  try {
    await runtime.timeMs({ path, format: 'tflite' }, { threads: 1, runs: 2, flags: {} }, around)
    return 'ran'
  } catch (error) {
    return isMnasError(error) ? `${error.code} ${error.message}` : String(error)
  }
}

/** By code and the beginning of the cause. */
function countsOf(outcomes: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const outcome of outcomes) {
    const key = outcome
      .replace(/ .*?".*?"(?: ended before it answered)?:?/, '')
      .replaceAll(/"[^"]*"/g, '…')
      .slice(0, 90)
    counts[key] = (counts[key] ?? 0) + 1
  }
  return counts
}

function failureOf(work: () => void): unknown {
  try {
    work()
    return null
  } catch (error) {
    return error
  }
}
