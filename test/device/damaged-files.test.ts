import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defaultCacheFolder } from '@mnas/core/config'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { damagedFiles } from '../../packages/tflite/test/support/damage.js'
import { smallFiles } from '../../packages/tflite/test/support/small-files.js'
import { type Ended, startMnas } from '../support/mnas.js'
import { processesWith } from '../support/processes-with.js'
import { temporaryFolder } from '../support/temporary-folder.js'

/** A tenth of the files that the runtimes are given: MNAS_TEST_TFLITE_FILES=1000 makes it a hundred. */
const wish = process.env['MNAS_TEST_TFLITE_FILES']
const files = damagedFiles(await smallFiles(), Number(wish ?? 100)).filter((_, at) => at % 10 === 0)
/** The runtime's own limits end earlier. */
const limitMs = 150_000
const few = ['--processes', '1', '--runs', '2']

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let cache: string
const pathOf = (at: number) => join(folder.path, `${at % files.length}.tflite`)

beforeAll(async () => {
  folder = await temporaryFolder('damaged-files')
  cache = join(folder.path, 'cache')
  mkdirSync(cache)
  const native = join(defaultCacheFolder(), 'litert')
  if (existsSync(native)) symlinkSync(native, join(cache, 'litert'))
  for (const [at, { bytes }] of files.entries()) writeFileSync(pathOf(at), bytes)
})
afterAll(() => folder.remove())

async function mnasWithin(args: readonly string[]): Promise<Ended> {
  const running = startMnas(args, { cwd: folder.path, env: { MNAS_CACHE_FOLDER: cache, MNAS_PROGRESS: 'none' } })
  const hung = setTimeout(() => running.kill('SIGKILL'), limitMs)
  const ended = await running.ended
  clearTimeout(hung)
  return ended
}

/** What the command came to: `answer`, or the code of its error. */
function outcomeOf(args: readonly string[], ended: Ended): string {
  const { stdout, stderr, exitCode, signal } = ended
  const command = args.join(' ')
  expect(signal, `${command} hung or crashed: ${stderr}`).toBeNull()
  expect(`${stdout}${stderr}`, command).not.toMatch(/^\s+at .+:\d+|node:internal|UnhandledPromise|MNAS_INTERNAL/m)
  if (!args.includes('--json')) {
    const code = /^✗ (MNAS_\w+): .+$/.exec(stderr.trimEnd().split('\n').at(-1) ?? '')?.[1]
    expect(code, `${command}: ${stderr}`).toBeDefined()
    return code!
  }
  const answer = ended.json<{ error?: { code: string; message: string; exitCode: number } }>()
  if (exitCode === 0) return 'answer'
  expect(answer, command).toEqual({
    version: 1,
    error: { code: expect.stringMatching(/^MNAS_/), message: expect.stringMatching(/^.+$/), exitCode },
  })
  return answer.error!.code
}

/** Two at a time. */
async function outcomesOf(commands: readonly (readonly string[])[]): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {}
  const left = [...commands]
  const lane = async () => {
    for (let args = left.shift(); args; args = left.shift()) {
      const outcome = `${args.slice(0, 2).join(' ')}: ${outcomeOf(args, await mnasWithin(args))}`
      counts[outcome] = (counts[outcome] ?? 0) + 1
    }
  }
  await Promise.all([lane(), lane()])
  if (wish) console.info(counts)
  return counts
}

describe('commands that are given a damaged .tflite file', () => {
  it('time it, or end with an error of ours; nothing runs on', { timeout: limitMs + 20_000 * files.length }, async () => {
    const commands = files.map((_, at) => {
      const [own, next, last] = [pathOf(at), pathOf(at + 1), pathOf(at + 2)]
      if (at % 5 === 3) return ['device', 'profile', own, '--device', 'host', '--json']
      if (at % 5 === 4) return ['device', 'compare', own, next, last, '--device', 'host', ...few, '--json']
      return ['device', 'benchmark', own, '--device', 'host', ...few, '--json']
    })
    const counts = await outcomesOf(commands)
    const allowed = /: (?:answer|MNAS_RUNTIME_(?:MODEL|TYPE|CRASHED|TIMEOUT)|MNAS_DEVICE_NO_PROFILE)$/
    for (const outcome of Object.keys(counts)) expect(outcome).toMatch(allowed)
    if (process.platform === 'linux') expect(await processesWith(`MNAS_CACHE_FOLDER=${cache}`)).toEqual([])
  })

  it('say what a MODEL is, where a file is none', { timeout: 2 * limitMs }, async () => {
    const commands = [
      ['evaluate', pathOf(0)],
      ['predict', pathOf(1), pathOf(1)],
      ['deploy', pathOf(2), '--device', 'host'],
      ['export', pathOf(3), '--format', 'tflite'],
    ]
    const counts = await outcomesOf(commands)
    for (const outcome of Object.keys(counts)) expect(outcome).toMatch(/: MNAS_(?:MODEL|BUNDLE|ARCHITECTURE|FILE)_\w+$/)
  })
})
