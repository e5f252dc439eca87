import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/**
 * The real adb, or null: then say that the test is skipped.
 * @throws where CI is set: there it must be present (.ci/adb installs it)
 */
export function testAdb(): string | null {
  const adb = process.env['MNAS_ADB']
  if (adb) return adb
  if (process.env['CI']) throw new Error('MNAS_ADB is not set: export MNAS_ADB="$(.ci/adb)"')
  return null
}

export interface PrivateAdb {
  readonly port: number
  /** For other programs that are to use this server and no other. */
  readonly env: Readonly<Record<string, string>>
  /** Not at once: phones may live in this very process. Rejects when adb fails. */
  run(...args: readonly string[]): Promise<string>
  close(): Promise<void>
}

/** A server of adb on a port of its own, with a home of its own: a developer's server, keys and phones stay untouched. */
export async function privateAdb(adb: string): Promise<PrivateAdb> {
  const home = mkdtempSync(join(tmpdir(), 'mnas-adb-'))
  const port = await freePort()
  const env = {
    HOME: home,
    ANDROID_ADB_SERVER_PORT: `${port}`,
    // It would look for Android Virtual Devices on the ports from 5555 on.
    ADB_LOCAL_TRANSPORT_MAX_PORT: '5554',
    ANDROID_ADB_LOG_PATH: join(home, 'adb.log'),
  }
  const run = async (...args: readonly string[]) => {
    const options = { env: { ...process.env, ...env }, timeout: 20_000 }
    return (await promisify(execFile)(adb, ['-P', `${port}`, ...args], options)).stdout
  }
  startServer(adb, { port, env })
  return {
    port,
    env,
    run,
    async close() {
      // A test may have ended it already.
      await run('kill-server').catch(() => undefined)
      rmSync(home, { recursive: true, force: true })
    },
  }
}

export function startServer(adb: string, { port, env }: Pick<PrivateAdb, 'port' | 'env'>): void {
  // The server lives on, and would keep a pipe open.
  execFileSync(adb, ['-P', `${port}`, 'start-server'], { env: { ...process.env, ...env }, stdio: 'ignore', timeout: 20_000 })
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
