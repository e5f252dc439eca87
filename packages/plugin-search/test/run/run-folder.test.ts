import { spawn } from 'node:child_process'
import { access, chmod, mkdtemp, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openDatabase } from '@mnas/core/storage'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RunStore } from '#internal/run/records.js'
import type { RunFile } from '#internal/run/run-file.js'
import { leaseRun, openRun } from '#internal/run/run-folder.js'
import { complete } from '../support/made-up-trials.js'

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
    setVersion(2)
    const older = { code: 'MNAS_RUN_VERSION', exitCode: 3, message: expect.stringMatching(/older mnas.*another --out/) }
    await expect(resume()).rejects.toMatchObject(older)
    await expect(resume({ size: 1 })).rejects.toMatchObject(older)
    await expect(openRun(folder)).rejects.toMatchObject(older)
    setVersion(5)
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
