import { spawn } from 'node:child_process'
import { access, chmod, mkdtemp, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Architecture } from '@mnas/core/architecture'
import type { Axis, Facts, LatencyMeasurement, TrialOutcome } from '@mnas/core/contracts'
import { openDatabase, settingsDifferences } from '@mnas/core/storage'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RunStore } from '#internal/run/records.js'
import type { RunFile } from '#internal/run/run-file.js'
import { leaseRun, openRun } from '#internal/run/run-folder.js'

let parent: string
let folder: string
const stores: RunStore[] = []
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'mnas-run-'))
  folder = join(parent, 'run')
})
afterEach(async () => {
  for (const store of stores.splice(0)) store.close()
  await rm(parent, { recursive: true, force: true })
})

const run: RunFile = {
  version: 1,
  kind: 'search',
  createdAt: '2026-01-01T00:00:00.000Z',
  settings: { size: 96, device: { name: 'host', fingerprint: 'a'.repeat(64) } },
  plan: { engine: 'onnx' },
  versions: { mnas: '0.1.0' },
}
const architecture = { version: 1, name: 'x' } as unknown as Architecture
const axes: readonly Axis[] = [
  { name: 'top1', better: 'more' },
  { name: 'latencyMs', better: 'less' },
]
const factsAt = (latencyMs: number): Facts => ({
  latency: { latencyMs, source: 'measured', relativeError: 0 },
  costs: { parameters: 1, macs: 2, peakMemoryBytes: 3 },
  sizeBytes: 4,
})
const fidelity = { epochs: 1, scheduleEpochs: 1, inputSize: 32, headFilters: 256 }
const error = { code: 'X', message: 'x', exitCode: 6 }
const measurement = { latencyMs: 3, spread: 0.01, stable: true } as LatencyMeasurement

function ask(store: RunStore, genome: readonly number[], latencyMs = 3) {
  return store.addTrial({ proposal: genome[0]!, candidate: `c${genome}`, genome, facts: factsAt(latencyMs) })
}
function complete(store: RunStore, genome: readonly number[], top1: number, latencyMs: number, reward = top1): TrialOutcome {
  const { id: trial, proposal, facts } = ask(store, genome, latencyMs)
  const values = [top1, latencyMs]
  const estimate = { metrics: { top1 }, fidelity }
  const outcome: TrialOutcome = { trial, proposal, genome, facts, status: 'completed', estimate, values, reward }
  store.endTrial(outcome, axes)
  store.addTold(trial, proposal)
  return outcome
}

async function create(): Promise<RunStore> {
  const store = await (await leaseRun(folder)).create(run)
  stores.push(store)
  return store
}
async function resume(settings = run.settings): Promise<RunStore> {
  const leased = await leaseRun(folder)
  const store = await leased.resume(settings).catch((error: unknown) => {
    leased.release()
    throw error
  })
  stores.push(store)
  return store
}
function close(store: RunStore): void {
  stores.splice(stores.indexOf(store), 1)
  store.close()
}

describe('a run folder', () => {
  it('gives back on resume all that was recorded', async () => {
    const store = await create()
    const trial = ask(store, [1, 2])
    store.setArchitecture(trial.id, architecture)
    store.addEvent({ kind: 'asked', trial: trial.id, candidate: 'c1', proposal: 0 })
    store.setFacts(trial.id, factsAt(5))
    const told = { trial: 1, proposal: 1, genome: [1, 2], facts: factsAt(5) }
    store.endTrial({ ...told, status: 'infeasible' }, axes)
    store.addTold(trial.id, 1)
    store.addFile({ candidate: 'c1', structure: 's', sizeBytes: 4 })
    store.addMeasurement({ structure: 's', effort: 'full', measurement })
    const tensors = { weights: { dtype: 'float32', shape: [2], data: Float32Array.of(0.1, -2) } } as const
    store.setState({ json: { random: [1, 2, 3, 4] }, tensors })
    close(store)

    const again = await resume()
    const outcome = { ...told, status: 'infeasible' }
    expect(again.trials()).toEqual([{ ...trial, facts: factsAt(5), outcome }])
    expect(again.trialOf([1, 2])?.id).toBe(1)
    expect(again.trialOf([2, 1])).toBeNull()
    expect(again.architecture(1)).toEqual(architecture)
    expect(again.architecture(2)).toBeNull()
    expect(again.told()).toEqual([outcome])
    expect(again.file('c1')).toEqual({ candidate: 'c1', structure: 's', sizeBytes: 4 })
    expect(again.measurement('s', 'full')?.measurement).toEqual(measurement)
    expect(again.measurement('s', 'quick')).toBeNull()
    expect(again.state()).toEqual({ json: { random: [1, 2, 3, 4] }, tensors })
    expect(again.events()).toMatchObject([{ id: 1, kind: 'asked', trial: 1, candidate: 'c1' }])
    expect(again.activeMs()).toBeGreaterThanOrEqual(0)
  })

  it('gives back every kind of outcome as it was told', async () => {
    const store = await create()
    const estimate = { metrics: { top1: 0.1 + 0.2, loss: 1.25 }, fidelity }
    const kinds = [
      { status: 'completed', estimate, values: [0.1 + 0.2, 3], reward: 0.1 + 0.7 },
      { status: 'stopped', estimate },
      { status: 'infeasible' },
      { status: 'failed', error },
      { status: 'lost', error },
    ] as const
    const outcomes = kinds.map((kind, index): TrialOutcome => {
      const { id: trial, proposal, genome, facts } = ask(store, [index, 7])
      return { trial, proposal, genome, facts, ...kind }
    })
    for (const outcome of outcomes.toReversed()) {
      store.endTrial(outcome, axes)
      store.addTold(outcome.trial, outcome.proposal)
    }
    expect(store.trials().map(({ outcome }) => outcome)).toEqual(outcomes)
    expect(store.told()).toEqual(outcomes.toReversed())
    const brief = { latencyMs: 3, latencySource: 'measured', metric: null, reward: null, error: null }
    expect(store.summaries('top1')).toEqual([
      { ...brief, id: 1, candidate: 'c0,7', status: 'completed', metric: 0.1 + 0.2, reward: 0.1 + 0.7 },
      { ...brief, id: 2, candidate: 'c1,7', status: 'stopped', metric: 0.1 + 0.2 },
      { ...brief, id: 3, candidate: 'c2,7', status: 'infeasible' },
      { ...brief, id: 4, candidate: 'c3,7', status: 'failed', error },
      { ...brief, id: 5, candidate: 'c4,7', status: 'lost', error },
    ])
    expect(store.summaries('unknown')[0]).toMatchObject({ metric: null })
    expect(store.summaries('top1', { after: 3, limit: 1 }).map(({ id }) => id)).toEqual([4])
    expect(store.counts()).toEqual({ completed: 1, stopped: 1, failed: 1, lost: 1, rejected: 1, pending: 0 })
    expect(store.lastFailure()).toEqual(outcomes[4])
    ask(store, [9, 9])
    expect(store.summaries('top1', { after: 5 })).toMatchObject([{ id: 6, status: null }])
    expect(store.counts()).toMatchObject({ pending: 1 })
    expect(store.pending().map(({ id }) => id)).toEqual([6])
  })

  it('knows the best and the front without reading every trial again', async () => {
    const store = await create()
    expect([store.best(), store.front(), store.fastestMs()]).toEqual([null, [], null])
    complete(store, [0, 0], 0.5, 5)
    complete(store, [1, 0], 0.5, 4)
    complete(store, [2, 0], 0.9, 9, 0.3)
    complete(store, [3, 0], 0.4, 4.5)
    complete(store, [4, 0], 0.5, 4)
    const ids = (trials: readonly { readonly id: number }[]) => trials.map(({ id }) => id)
    expect(ids(store.front())).toEqual([2, 3])
    expect(store.best()?.id).toBe(2)
    complete(store, [5, 0], 0.95, 2)
    expect(ids(store.front())).toEqual([6])
    expect(store.best()?.id).toBe(6)
    expect(store.fastestMs()).toBe(2)
  })

  it('reads trials, events and what was told page by page, in their order', async () => {
    const store = await create()
    for (let i = 0; i < 7; i++) {
      complete(store, [i, 1], 0.1 * i, 3)
      store.addEvent({ kind: 'training', trial: i + 1, job: 'j' })
    }
    const idsOf = (list: readonly { readonly id: number }[]) => list.map(({ id }) => id)
    expect(idsOf(store.trials({ after: 2, limit: 3 }))).toEqual([3, 4, 5])
    expect(idsOf(store.events({ after: 6 }))).toEqual([7])
    expect(store.told({ after: 5, limit: 9 }).map(({ trial }) => trial)).toEqual([6, 7])
    expect(store.trials({ after: 7 })).toEqual([])
  })

  it('counts the candidates behind the last one that was worth training', async () => {
    const store = await create()
    const reject = (genome: readonly number[]) => {
      const { id: trial, proposal, facts } = ask(store, genome)
      store.endTrial({ trial, proposal, genome, facts, status: 'infeasible' }, axes)
    }
    reject([0, 0])
    expect(store.fruitless()).toBe(1)
    complete(store, [1, 0], 0.5, 5)
    expect(store.fruitless()).toBe(0)
    reject([2, 0])
    reject([3, 0])
    ask(store, [4, 0])
    expect(store.fruitless()).toBe(2)
  })

  it('remembers who else asked for an architecture until they are told', async () => {
    const store = await create()
    const pending = ask(store, [1, 2])
    store.addRepeat(pending.id, 8)
    store.addRepeat(pending.id, 7)
    expect(store.repeats(pending.id)).toEqual([7, 8])
    expect(store.openRepeats()).toEqual([])
    const { facts, genome } = pending
    store.endTrial({ trial: pending.id, proposal: 1, genome, facts, status: 'infeasible' }, axes)
    expect(store.openRepeats()).toEqual([
      { trial: 1, proposal: 7 },
      { trial: 1, proposal: 8 },
    ])
    store.addTold(pending.id, 7)
    expect(store.repeats(pending.id)).toEqual([8])
    expect(store.told()).toMatchObject([{ trial: 1, proposal: 7 }])
  })

  it('writes a transaction whole or not at all', async () => {
    const store = await create()
    for (const sync of [true, false]) {
      expect(() =>
        store.transaction(() => {
          ask(store, [1, 2])
          store.setState({ json: 1 })
          throw new Error('half-way')
        }, sync),
      ).toThrow('half-way')
      expect(store.trials()).toEqual([])
      expect(store.state()).toBeNull()
    }
    store.transaction(() => store.setState({ json: 2 }))
    expect(store.state()).toEqual({ json: 2 })
    store.setState({ json: 1 })
    expect(store.state()).toEqual({ json: 1 })
  })

  it('replaces the tensors of a state only when they are others', async () => {
    const store = await create()
    const weights = (value: number) => ({ w: { dtype: 'float32', shape: [1], data: Float32Array.of(value) } }) as const
    store.setState({ json: 1, tensors: weights(1) })
    store.setState({ json: 2, tensors: weights(1) })
    expect(store.state()).toEqual({ json: 2, tensors: weights(1) })
    store.setState({ json: 2, tensors: weights(3) })
    expect(store.state()).toEqual({ json: 2, tensors: weights(3) })
    store.setState({ json: 3 })
    expect(store.state()).toEqual({ json: 3 })
  })

  it('has one writer and any number of readers', async () => {
    const store = await create()
    await expect(leaseRun(folder)).rejects.toMatchObject({ code: 'MNAS_RUN_LOCKED' })
    const reader = (await openRun(folder)).store
    store.addEvent({ kind: 'training', trial: 1, job: 'j' })
    expect(reader.events()).toHaveLength(1)
    reader.close()
    close(store)
    await expect(resume()).resolves.toBeDefined()
  })

  it('is free again when its writer was killed', async () => {
    close(await create())
    const module = fileURLToPath(new URL('../../dist/run/run-folder.js', import.meta.url))
    const script = `
      const { leaseRun } = await import(${JSON.stringify(module)})
      const store = await (await leaseRun(${JSON.stringify(folder)})).resume(${JSON.stringify(run.settings)})
      store.setState({ json: 'recorded' })
      console.log('ready')
      setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    await new Promise((resolve) => child.stdout.once('data', resolve))
    await expect(leaseRun(folder)).rejects.toMatchObject({ code: 'MNAS_RUN_LOCKED' })
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
    expect((await resume()).state()).toEqual({ json: 'recorded' })
  })

  it('refuses other settings and says what differs', async () => {
    close(await create())
    const settings = { size: 128, device: { name: 'host', fingerprint: 'b'.repeat(64) } }
    await expect(resume(settings)).rejects.toMatchObject({
      code: 'MNAS_RUN_SETTINGS',
      message: expect.stringContaining('size is 96 in the run and 128 now'),
    })
    await expect(resume()).resolves.toBeDefined()
  })

  it('names a damaged or missing database, a damaged run.json, a newer format', async () => {
    close(await create())
    const database = join(folder, 'run.db')
    const intact = await readFile(database)
    await writeFile(database, 'this is no database '.repeat(500))
    await expect(resume()).rejects.toMatchObject({ code: 'MNAS_RUN_CORRUPT', exitCode: 3 })
    await expect(openRun(folder)).rejects.toMatchObject({ code: 'MNAS_RUN_CORRUPT' })
    await writeFile(database, intact)
    const file = await open(database, 'r+')
    await file.write(Buffer.alloc(3000, 0x5a), 0, 3000, 4096)
    await file.close()
    await expect(resume()).rejects.toMatchObject({ code: 'MNAS_RUN_CORRUPT' })
    await truncate(database, intact.length - 4096)
    await expect(openRun(folder)).rejects.toMatchObject({ code: 'MNAS_RUN_CORRUPT', message: expect.stringContaining('holds') })
    await rm(database)
    await expect(resume()).rejects.toMatchObject({ code: 'MNAS_RUN_CORRUPT', message: expect.stringContaining('missing') })
    await writeFile(join(folder, 'run.json'), '{"version": 1, "kind": 5}')
    await expect(leaseRun(folder)).rejects.toMatchObject({ code: 'MNAS_RUN_CORRUPT' })
    await writeFile(join(folder, 'run.json'), '{"version": 2}')
    await expect(openRun(folder)).rejects.toMatchObject({ code: 'MNAS_RUN_VERSION' })
  })

  it('finds damage in the middle when it was not closed, and whenever it is asked to look', async () => {
    const store = await create()
    store.transaction(() => {
      for (let i = 0; i < 1200; i++) complete(store, [i, 1], 0.5, 3)
    })
    close(store)
    const database = join(folder, 'run.db')
    // A leaf of the trials, far from the last one.
    const file = await open(database, 'r+')
    const { size } = await file.stat()
    const page = 4096 * Math.floor(size / 4096 / 2)
    await file.write(Buffer.alloc(4000, 0x5a), 0, 4000, page)
    await file.close()
    close(await resume())
    const { store: read } = await openRun(folder)
    expect(() => read.check()).toThrow(expect.objectContaining({ code: 'MNAS_RUN_CORRUPT' }))
    read.close()
    const connection = openDatabase(database)
    connection.run('UPDATE sessions SET closed = 0')
    connection.close()
    await expect(resume()).rejects.toMatchObject({ code: 'MNAS_RUN_CORRUPT' })
  })

  it('names the database of an older mnas, and of a newer one', async () => {
    close(await create())
    const setVersion = (version: number) => {
      const connection = openDatabase(join(folder, 'run.db'))
      connection.exec(`PRAGMA user_version = ${version}`)
      connection.close()
    }
    setVersion(1)
    const older = { code: 'MNAS_RUN_VERSION', exitCode: 3, message: expect.stringMatching(/older mnas.*another --out/) }
    await expect(resume()).rejects.toMatchObject(older)
    await expect(resume({ size: 1 })).rejects.toMatchObject(older)
    await expect(openRun(folder)).rejects.toMatchObject(older)
    setVersion(3)
    await expect(openRun(folder)).rejects.toMatchObject({ message: expect.stringContaining('Update mnas') })
  })

  it('is made anew where a beginning was killed, and never in a folder with other files', async () => {
    const leased = await leaseRun(folder)
    leased.release()
    await writeFile(join(folder, 'run.db'), 'half')
    expect((await create()).trials()).toEqual([])
    const photos = join(parent, 'photos')
    folder = photos
    await (await leaseRun(photos)).release()
    await writeFile(join(photos, 'cat.jpg'), '')
    await expect(leaseRun(photos)).rejects.toMatchObject({ code: 'MNAS_RUN_FOLDER' })
    await expect(openRun(photos)).rejects.toMatchObject({ code: 'MNAS_RUN_MISSING' })
  })

  it('leaves nothing behind when it is discarded, and nothing of others is taken away', async () => {
    const store = await create()
    stores.splice(0)
    await store.discard()
    await expect(access(folder)).rejects.toMatchObject({ code: 'ENOENT' })
    const other = await create()
    stores.splice(0)
    await writeFile(join(folder, 'notes.txt'), '')
    await other.discard()
    expect(await readdir(folder)).toEqual(['notes.txt'])
  })

  it('names a folder that cannot be written', async () => {
    const file = join(parent, 'file')
    await writeFile(file, '')
    await expect(leaseRun(join(file, 'run'))).rejects.toMatchObject({ code: 'MNAS_FILE_WRITE' })
    if (process.getuid?.() === 0) return
    await chmod(parent, 0o500)
    await expect(leaseRun(folder)).rejects.toMatchObject({ code: 'MNAS_FILE_WRITE' })
    await chmod(parent, 0o700)
  })
})

describe('settingsDifferences', () => {
  it('lists nested, added and removed fields', () => {
    expect(settingsDifferences({ a: 1, b: { c: 'x' } }, { b: { c: 'y' }, d: null })).toEqual([
      'a is 1 in the run and not set now',
      'b.c is "x" in the run and "y" now',
    ])
    expect(settingsDifferences({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] })).toEqual([])
  })
})
