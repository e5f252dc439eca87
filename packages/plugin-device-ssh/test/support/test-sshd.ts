import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

/**
 * The real sshd, or null: then say that the test is skipped.
 * @throws where CI is set: there it must be present (.ci/sshd installs it)
 */
export function testSshd(): string | null {
  const sshd = process.env['MNAS_SSHD']
  if (sshd) return sshd
  if (process.env['CI']) throw new Error('MNAS_SSHD is not set: export MNAS_SSHD="$(.ci/sshd)"')
  console.warn('Tests over ssh are skipped: export MNAS_SSHD="$(.ci/sshd)" runs them.')
  return null
}

/** A board on this computer: a server of its own on a free port, with keys and a home of its own. */
export interface Board {
  /** A file for `ssh -F` in which this board is called `board`; and with faults `stranger` (its key is not known) and `nobody` (no such user). */
  readonly config: string
  readonly port: number
  /** The home of whoever logs in. */
  readonly home: string
  /** Ids of the processes that serve connections. */
  sessions(): readonly number[]
  /** Ends the server, and the connections with it, as a pulled plug would. */
  unplug(): void
  /** The same server again. */
  plugIn(): Promise<void>
  close(): void
}

export async function startBoard(sshd: string): Promise<Board> {
  const folder = mkdtempSync(join(tmpdir(), 'mnas-sshd-'))
  const [at, port] = [(name: string) => join(folder, name), await freePort()]
  for (const key of ['host', 'user']) execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(key)])
  mkdirSync(at('home'))
  writeFileSync(at('sshd_config'), serverConfig(at, port))
  writeFileSync(at('known'), `[127.0.0.1]:${port} ${readFileSync(at('host.pub'), 'utf8')}`)
  writeFileSync(at('ssh_config'), clientConfig(at, port))
  let server = await startServer(sshd, at('sshd_config'))
  const unplug = () => {
    const sessions = descendantsOf(server.pid!)
    for (const pid of [server.pid!, ...sessions]) killIfThere(pid)
  }
  return {
    config: at('ssh_config'),
    port,
    home: at('home'),
    sessions: () => descendantsOf(server.pid!),
    unplug,
    plugIn: async () => {
      server = await startServer(sshd, at('sshd_config'))
    },
    close() {
      unplug()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function serverConfig(at: (name: string) => string, port: number): string {
  return [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${at('host')}`,
    `AuthorizedKeysFile ${at('user.pub')}`,
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    'PidFile none',
    `SetEnv HOME=${at('home')}`,
    '',
  ].join('\n')
}

function clientConfig(at: (name: string) => string, port: number): string {
  const host = (name: string, changes: Readonly<Record<string, string>> = {}) => {
    const settings = { User: userInfo().username, UserKnownHostsFile: at('known'), ...changes }
    return [`Host ${name}`, ...Object.entries(settings).map(([key, value]) => `  ${key} ${value}`)]
  }
  return [
    ...host('board'),
    ...host('stranger', { UserKnownHostsFile: at('nobody-known') }),
    ...host('nobody', { User: 'mnas-no-such-user' }),
    'Host *',
    '  HostName 127.0.0.1',
    `  Port ${port}`,
    `  IdentityFile ${at('user')}`,
    '  IdentitiesOnly yes',
    '  IdentityAgent none',
    '  GlobalKnownHostsFile /dev/null',
    '',
  ].join('\n')
}

function startServer(sshd: string, config: string): Promise<ChildProcess> {
  const child = spawn(sshd, ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] })
  return new Promise((resolve, reject) => {
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (said.includes('Server listening')) resolve(child)
    })
    child.on('error', reject)
    child.on('close', () => reject(new Error(`sshd ended: ${said}`)))
  })
}

/** Ids of the sshd processes below this one: programs that they started are for the board to end. */
function descendantsOf(pid: number): readonly number[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,comm='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/))
  const below = (parent: number): readonly number[] =>
    rows
      .filter(([, above, name]) => Number(above) === parent && name?.startsWith('sshd'))
      .flatMap(([own]) => [Number(own), ...below(Number(own))])
  return below(pid)
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
