import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { androidErrors } from '../errors.js'
import type { AdbProgram } from './adb-program.js'
import { probeServer } from './probe-server.js'

export interface AdbServer {
  readonly port: number
  /** Keeps a server that we started on a port of its own (watch-server.ts); null: it is everybody's, whoever started it. */
  readonly watcher: ChildProcess | null
}

const startMs = 15_000
const pollMs = 50
/** More than the watcher gives the server. */
const endMs = 10_000
const watcherModule = fileURLToPath(new URL('watch-server.js', import.meta.url))
const usualPort = 5037

export function defaultPort(): number {
  const port = Number(process.env['ANDROID_ADB_SERVER_PORT'])
  return Number.isInteger(port) && port > 0 ? port : usualPort
}

/**
 * The server that is to be used: the one on the port where its version is this client's, and a new one there where nothing listens, as adb
 * itself does it. A client that meets another version kills the server, with all that others do through it; so we go to a port of our own
 * instead, and likewise where a stranger listens.
 * @throws MNAS_ADB_FAILED
 */
export async function openServer(program: AdbProgram, port: number): Promise<AdbServer> {
  const probe = await probeServer(port)
  switch (probe.kind) {
    case 'server':
      return probe.version === program.version ? { port, watcher: null } : startOwnServer(program)
    case 'free':
      await start(program, port)
      return { port, watcher: null }
    case 'stranger':
      return startOwnServer(program)
    default:
      return probe satisfies never
  }
}

/** Ours alone: it ends with `closeServer`, and with this process, however that ends. @throws MNAS_ADB_FAILED */
export async function startOwnServer(program: AdbProgram): Promise<AdbServer> {
  const port = await freePort()
  // A group of its own: Ctrl-C is for us, and the phone is still to be tidied then.
  const watcher = spawn(process.execPath, [watcherModule, program.path, `${port}`], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  // Neither is a reason for this process to live on.
  watcher.unref()
  ;(watcher.stdin as Socket).unref()
  watcher.stdin.on('error', () => undefined)
  const server: AdbServer = { port, watcher }
  for (const until = Date.now() + startMs; Date.now() < until; await sleep(pollMs)) {
    if ((await probeServer(port)).kind === 'server') return server
    if (watcher.exitCode !== null) break
  }
  await closeServer(server)
  throw failed(port, 'server nodaemon', 'no server')
}

/** Ends a server of ours, and no other. */
export async function closeServer({ watcher }: AdbServer): Promise<void> {
  if (!watcher || watcher.exitCode !== null || watcher.signalCode !== null) return
  watcher.ref()
  watcher.stdin?.end()
  await once(watcher, 'exit', { signal: AbortSignal.timeout(endMs) }).catch(() => undefined)
}

async function start({ path }: AdbProgram, port: number): Promise<void> {
  const command = 'start-server'
  // The server lives on: it must not hold a pipe to us.
  const ended = await execa(path, ['-P', `${port}`, command], { reject: false, timeout: startMs, stdio: 'ignore' })
  if (!ended.failed && (await probeServer(port)).kind === 'server') return
  throw failed(port, command, `no server (status ${ended.exitCode ?? 'unknown'})`)
}

const failed = (port: number, command: string, said: string) =>
  androidErrors.MNAS_ADB_FAILED({ command: `-P ${port} ${command}`, said })

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
