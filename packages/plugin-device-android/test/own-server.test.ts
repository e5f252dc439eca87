import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { Adb } from '#internal/adb/adb.js'
import { findAdb } from '#internal/adb/adb-program.js'
import { closeServer, startOwnServer } from '#internal/adb/adb-server.js'
import { probeServer } from '#internal/adb/probe-server.js'
import { type PrivateAdb, privateAdb, testAdb } from './support/test-adb.js'

const adb = testAdb()
const soon = { timeout: 15_000, interval: 50 }

/** What a mnas does that is killed later: it starts a server of its own, and says where. */
const killedLater = (module: string, path: string) => `
  import { findAdb } from ${JSON.stringify(module.replace('adb-server', 'adb-program'))}
  import { startOwnServer } from ${JSON.stringify(module)}
  const { port } = await startOwnServer(await findAdb(${JSON.stringify(path)}))
  console.log(port)
  setInterval(() => undefined, 1000)
`

describe.skipIf(adb === null)('a server of adb of our own', () => {
  let everybodys: PrivateAdb
  beforeAll(async () => {
    everybodys = await privateAdb(adb!)
    Object.assign(process.env, everybodys.env)
  })
  afterAll(async () => {
    await everybodys.close()
  })

  const kindAt = async (port: number) => (await probeServer(port)).kind
  const freed = (port: number) => vi.waitFor(async () => expect(await kindAt(port)).toBe('free'), soon)

  it('ends when we close it, and leaves nobody behind', async () => {
    const server = await startOwnServer(await findAdb(adb!))
    expect(await kindAt(server.port)).toBe('server')
    await closeServer(server)
    expect(await kindAt(server.port)).toBe('free')
    expect(processesOn(server.port)).toEqual([])
    await closeServer(server)
  })

  it('ends with whoever started it, when that is killed; the one that was there before stays', async () => {
    const module = new URL('../dist/adb/adb-server.js', import.meta.url).href
    const owner = spawn(process.execPath, ['--input-type=module', '-e', killedLater(module, adb!)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [said] = (await once(owner.stdout, 'data')) as [Buffer]
    const port = Number(said.toString())
    expect(await kindAt(port)).toBe('server')
    owner.kill('SIGKILL')
    await freed(port)
    await vi.waitFor(() => expect(processesOn(port)).toEqual([]), soon)
    expect(await kindAt(everybodys.port)).toBe('server')
  })

  it('does not keep a process from ending', async () => {
    const module = new URL('../dist/adb/adb-server.js', import.meta.url).href
    const script = killedLater(module, adb!).replace(/setInterval.*/, '')
    const owner = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [said] = (await once(owner.stdout, 'data')) as [Buffer]
    if (owner.exitCode === null) await once(owner, 'exit')
    await freed(Number(said.toString()))
  })

  it('that is killed by somebody takes its watcher along, and closing it is no mistake', async () => {
    const server = await startOwnServer(await findAdb(adb!))
    await promisify(execFile)(adb!, ['-P', `${server.port}`, 'kill-server'])
    await vi.waitFor(() => expect(processesOn(server.port)).toEqual([]), soon)
    await closeServer(server)
  })

  it('takes the place of one that vanishes; a phone that does not come back to it is lost', async () => {
    const vanishing = await startOwnServer(await findAdb(adb!))
    const client = await Adb.open({ adb: adb!, port: vanishing.port, returnMs: 100 })
    await closeServer(vanishing)
    // Nothing listens there.
    const phone = '127.0.0.1:1'
    const limits = { limitMs: 10_000, signal: new AbortController().signal }
    const asked = client.exec(['-s', phone, 'shell', 'true'], `android:${phone}`, limits)
    await expect(asked).rejects.toMatchObject({ code: 'MNAS_DEVICE_LOST', exitCode: 5 })
    await client.close()
  })

  it('which cannot start is an error with what was tried', async () => {
    const { version } = await findAdb(adb!)
    await expect(startOwnServer({ path: '/bin/false', version })).rejects.toMatchObject({
      code: 'MNAS_ADB_FAILED',
      message: expect.stringMatching(/"adb -P \d+ server nodaemon"/),
    })
  })
})

/** Command lines of the processes that speak of a port: the server and its watcher (Linux). */
function processesOn(port: number): readonly string[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => commandOf(pid))
    .filter((words) => words.includes(`${port}`) && words.some((word) => /adb|watch-server/.test(word)))
    .map((words) => words.join(' '))
}

function commandOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  } catch {
    return []
  }
}
