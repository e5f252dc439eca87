import { spawn } from 'node:child_process'
import { access, chmod, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Architecture } from '@mnas/core/architecture'
import type { TrialOutcome } from '@mnas/core/contracts'
import { settingsDifferences } from '@mnas/core/storage'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RunStore } from '../../dist/run/records.js'
import type { RunFile } from '../../dist/run/run-file.js'
import { leaseRun, openRun } from '../../dist/run/run-folder.js'

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
const outcome: TrialOutcome = {
  proposal: 0,
  genome: [1, 2],
  facts: {
    latency: { latencyMs: 3, source: 'measured', relativeError: 0 },
    costs: { parameters: 1, macs: 2, peakMemoryBytes: 3 },
  },
  status: 'infeasible',
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
    const trial = store.addTrial({ proposal: 0, candidate: 'c1', genome: [1, 2], architecture })
    store.addEvent('asked', { proposal: 0 }, trial.id)
    store.endTrial(trial.id, outcome)
    const measurement = { latencyMs: 3, spread: 0.01 } as never
    store.addMeasurement({ candidate: 'c1', effort: 'full', structure: 's', measurement })
    store.setState('strategy', { random: [1, 2, 3, 4] })
    close(store)

    const again = await resume()
    expect(again.trials()).toEqual([{ ...trial, outcome }])
    expect(again.trialOf('c1')?.id).toBe(1)
    expect(again.trialOf('c2')).toBeNull()
    expect(again.measurement('c1', 'full')?.measurement.latencyMs).toBe(3)
    expect(again.measurement('c1', 'quick')).toBeNull()
    expect(again.state('strategy')).toEqual({ random: [1, 2, 3, 4] })
    expect(again.events().map(({ kind, trial }) => [kind, trial])).toEqual([['asked', 1]])
    expect(again.activeMs()).toBeGreaterThanOrEqual(0)
  })

  it('writes a transaction whole or not at all', async () => {
    const store = await create()
    expect(() =>
      store.transaction(() => {
        store.addTrial({ proposal: 0, candidate: 'c1', genome: [], architecture })
        store.setState('strategy', 1)
        throw new Error('half-way')
      }),
    ).toThrow('half-way')
    expect(store.trials()).toEqual([])
    expect(store.state('strategy')).toBeNull()
    store.transaction(() => store.setState('strategy', 2))
    expect(store.state('strategy')).toBe(2)
  })

  it('has one writer and any number of readers', async () => {
    const store = await create()
    await expect(leaseRun(folder)).rejects.toMatchObject({ code: 'MNAS_RUN_LOCKED' })
    const reader = (await openRun(folder)).store
    store.addEvent('one')
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
      store.setState('strategy', 'recorded')
      console.log('ready')
      setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    await new Promise((resolve) => child.stdout.once('data', resolve))
    await expect(leaseRun(folder)).rejects.toMatchObject({ code: 'MNAS_RUN_LOCKED' })
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
    expect((await resume()).state('strategy')).toBe('recorded')
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
    await rm(database)
    await expect(resume()).rejects.toMatchObject({ code: 'MNAS_RUN_CORRUPT', message: expect.stringContaining('missing') })
    await writeFile(join(folder, 'run.json'), '{"version": 1, "kind": 5}')
    await expect(leaseRun(folder)).rejects.toMatchObject({ code: 'MNAS_RUN_CORRUPT' })
    await writeFile(join(folder, 'run.json'), '{"version": 2}')
    await expect(openRun(folder)).rejects.toMatchObject({ code: 'MNAS_RUN_VERSION' })
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
