import { createServer } from 'node:net'
import { execa } from 'execa'
import { androidErrors } from '../errors.js'
import type { AdbProgram } from './adb-program.js'
import { probeServer } from './probe-server.js'

export interface AdbServer {
  readonly port: number
  /** Started by us on a port of its own, and ended with us. The one on the usual port is everybody's, whoever started it. */
  readonly ours: boolean
}

const startMs = 15_000
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
      return probe.version === program.version ? { port, ours: false } : startOwnServer(program)
    case 'free':
      await start(program, port)
      return { port, ours: false }
    case 'stranger':
      return startOwnServer(program)
    default:
      return probe satisfies never
  }
}

/** @throws MNAS_ADB_FAILED */
export async function startOwnServer(program: AdbProgram): Promise<AdbServer> {
  const port = await freePort()
  await start(program, port)
  return { port, ours: true }
}

/** Ends a server of ours, and no other. */
export async function closeServer(program: AdbProgram, { port, ours }: AdbServer): Promise<void> {
  if (ours) await execa(program.path, ['-P', `${port}`, 'kill-server'], { reject: false, timeout: startMs, stdin: 'ignore' })
}

async function start({ path }: AdbProgram, port: number): Promise<void> {
  const command = ['-P', `${port}`, 'start-server']
  // The server lives on: it must not hold a pipe to us.
  const { failed, exitCode } = await execa(path, command, { reject: false, timeout: startMs, stdio: 'ignore' })
  if (!failed && (await probeServer(port)).kind === 'server') return
  throw androidErrors.MNAS_ADB_FAILED({ command: command.join(' '), said: `no server (status ${exitCode ?? 'unknown'})` })
}

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
