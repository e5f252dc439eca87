import { access, cp, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { hashFile } from '@mnas/core/files'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { childrenOf } from '../support/children-of.js'
import { mnas, startMnas } from '../support/mnas.js'
import { smallPictures } from '../support/pictures.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { writeTinyNetwork } from '../support/tiny-network.js'
import { expectLine } from './failing.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let env: Record<string, string>
const path = (...names: string[]) => join(folder.path, ...names)
const options = () => ({ cwd: folder.path, env })
/** Progress as JSON lines. */
const start = (args: readonly string[], more: Record<string, string> = {}) =>
  startMnas(args, { cwd: folder.path, env: { ...env, MNAS_PROGRESS: 'jsonl', ...more } })

const train = (out: string) => [
  ...['train', 'tiny.json', '--data', 'my pictures', '--out', out],
  ...['--epochs', '15', '--batch', '8', '--threads', '1', '--workers', '0'],
]
const search = [
  ...['search', '--data', 'my pictures', '--out', 'run', '--device', 'replay', '--size', '32', '--width', '0.35'],
  ...['--target-latency', '6ms', '--trials', '1', '--proxy-epochs', '20', '--threads', '1', '--workers', '0'],
]
/** The first step was reported: the training is under way and far from its end. */
const firstStep = /"unit":"steps"/

beforeAll(async () => {
  folder = await temporaryFolder('interruptions')
  env = { MNAS_CACHE_FOLDER: path('cache') }
  await smallPictures(path('my pictures'))
  await writeTinyNetwork(path('tiny.json'))
})
afterAll(() => folder.remove())

/** Steps done when the first progress of a training was reported. */
const firstSteps = (stderr: string) => Number(/"done":(\d+),"total":\d+,"unit":"steps"/.exec(stderr)?.[1])

/** Another program takes as long to start as the whole training does: meanwhile this one stands still, where the system can do that. */
async function whileItStandsStill<T>(pid: number, work: () => Promise<T>): Promise<T> {
  const [child] = process.platform === 'linux' ? await childrenOf(pid, 'training-process') : []
  if (child === undefined) return work()
  process.kill(child, 'SIGSTOP')
  try {
    return await work()
  } finally {
    process.kill(child, 'SIGCONT')
  }
}

describe('mnas train', () => {
  let wholeHash: string

  it('goes on where Ctrl-C stopped it, with the very command that it printed, to the same bits', async () => {
    const whole = await mnas([...train('whole/model'), '--json'], options())
    expect(whole.exitCode, whole.stderr).toBe(0)
    wholeHash = await hashFile(path('whole', 'model', 'weights.safetensors'))

    const running = start(train('stopped/model'))
    await running.says(firstStep)
    running.kill('SIGINT')
    const stopped = await running.ended
    const command = `mnas ${train('stopped/model').join(' ').replace('my pictures', "'my pictures'")}`
    expectLine(stopped, { code: 'MNAS_INTERRUPTED', exit: 130, says: /Continue with: / })
    expect(stopped.stderr.trimEnd().endsWith(`Continue with: ${command}`)).toBe(true)
    await expect(access(path('stopped', 'model', 'model.json'))).rejects.toMatchObject({ code: 'ENOENT' })
    const evaluation = await mnas(['evaluate', 'stopped/model'], options())
    expectLine(evaluation, { code: 'MNAS_MODEL_FOLDER', exit: 3, says: /training has not ended/ })

    const continued = start([...train('stopped/model'), '--json'])
    const { exitCode, stderr } = await continued.ended
    expect(exitCode, stderr).toBe(0)
    expect(firstSteps(stderr)).toBeGreaterThan(1)
    expect(await hashFile(path('stopped', 'model', 'weights.safetensors'))).toBe(wholeHash)
  })

  it('answers Ctrl-C with JSON when it was asked to', async () => {
    const running = start([...train('json'), '--json'])
    await running.says(firstStep)
    running.kill('SIGINT')
    const { stdout, exitCode } = await running.ended
    expect(exitCode).toBe(130)
    expect(JSON.parse(stdout)).toEqual({
      version: 1,
      error: { code: 'MNAS_INTERRUPTED', message: expect.stringContaining('mnas train tiny.json'), exitCode: 130 },
    })
  })

  it.skipIf(process.platform !== 'linux').each([
    ['SIGHUP', 'a terminal does that is closed'],
    ['SIGTERM', '`timeout` and batch systems do'],
  ] as const)('ends by %s as by Ctrl-C, sent to the process that trains too, as %s', async (name, _who) => {
    const running = start(train(name))
    await running.says(firstStep)
    const [child] = await childrenOf(running.pid, 'training-process')
    process.kill(child!, name)
    running.kill(name)
    expectLine(await running.ended, { code: 'MNAS_INTERRUPTED', exit: 130, says: /Continue with: / })
    expect(() => process.kill(child!, 0)).toThrow('ESRCH')
    expect(await readdir(path(name, 'local', 'training'))).toContain('checkpoint.safetensors')
  })

  it.skipIf(process.platform !== 'linux')('survives the death of the process that trains', async () => {
    // From a checkpoint on: what Ctrl-C left.
    await cp(path('json'), path('lost', 'model'), { recursive: true })
    const running = start(train('lost/model'))
    await running.says(firstStep)
    const [child] = await childrenOf(running.pid, 'training-process')
    process.kill(child!, 'SIGKILL')
    const says = /ended without a result \(killed by SIGKILL.*The same command continues from the last checkpoint/
    expectLine(await running.ended, { code: 'MNAS_TRAIN_WORKER_LOST', exit: 6, says })

    const continued = await mnas(train('lost/model'), options())
    expect(continued.exitCode, continued.stderr).toBe(0)
    expect(await hashFile(path('lost', 'model', 'weights.safetensors'))).toBe(wholeHash)
  })

  it('lets nobody else train into its folder', async () => {
    const running = start(train('busy'))
    await running.says(firstStep)
    const before = await readFile(path('busy', 'local', 'training.json'), 'utf8')
    const failure = { code: 'MNAS_RUN_LOCKED', exit: 3, says: /in use.*Wait until that one ends, or stop it/ }
    const other = () => mnas(train('busy'), { ...options(), env: { ...env, MNAS_PROGRESS: 'none' } })
    expectLine(await whileItStandsStill(running.pid, other), failure)
    running.kill('SIGINT')
    expect((await running.ended).exitCode).toBe(130)
    expect(await readFile(path('busy', 'local', 'training.json'), 'utf8')).toBe(before)
  })

  it('sweeps up what a killed process was writing', async () => {
    const left = [
      path('busy', 'weights.safetensors.0a1b2c3d.tmp'),
      path('busy', 'local', 'training', 'best.safetensors.0a1b2c3d.tmp'),
    ]
    for (const name of left) await cp(path('tiny.json'), name)
    const { exitCode, stderr } = await mnas(train('busy'), options())
    expect(exitCode, stderr).toBe(0)
    expect((await readdir(path('busy'), { recursive: true })).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })
})

describe('mnas search', () => {
  it('goes on where Ctrl-C stopped it, and lets nobody else write meanwhile', async () => {
    const running = start(search)
    await running.says(firstStep)
    const failure = { code: 'MNAS_RUN_LOCKED', exit: 3, says: /in use/ }
    const other = () => mnas(search, { ...options(), env: { ...env, MNAS_PROGRESS: 'none' } })
    expectLine(await whileItStandsStill(running.pid, other), failure)
    running.kill('SIGINT')
    const stopped = await running.ended
    const command = `mnas ${search.join(' ').replace('my pictures', "'my pictures'")}`
    expectLine(stopped, { code: 'MNAS_INTERRUPTED', exit: 130, says: /Continue with: / })
    expect(stopped.stderr.trimEnd().endsWith(`Continue with: ${command}`)).toBe(true)

    const shown = (await mnas(['search', 'show', 'run', '--json'], options())).json<{ counts: object }>()
    expect(shown.counts).toMatchObject({ failed: 0, lost: 0, pending: 1 })

    const continued = await mnas([...search, '--json'], options())
    expect(continued.exitCode, continued.stderr).toBe(0)
    expect(continued.json()).toMatchObject({ counts: { completed: 1, failed: 0, lost: 0, pending: 0 } })
    await rm(path('run'), { recursive: true })
  })
})

describe.skipIf(process.platform !== 'linux')('a runtime that dies', () => {
  it('is an error with a name', async () => {
    const args = ['device', 'benchmark', 'tiny.json', '--device', 'host', '--processes', '1', '--runs', '10000']
    // The portable runtime, whatever else this computer has.
    const running = start(args, { MNAS_LITERT_LIBRARY: path('tiny.json') })
    await running.says(/"name":"Measure latency"/)
    let child: number | undefined
    while (child === undefined) [child] = await childrenOf(running.pid, 'litert-js-process')
    process.kill(child, 'SIGKILL')
    const failure = { code: 'MNAS_RUNTIME_CRASHED', exit: 5, says: /litert-js ran .*killed by SIGKILL.*Try again/ }
    expectLine(await running.ended, failure)
  })
})
