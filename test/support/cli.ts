import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The real program. */
export const bin = fileURLToPath(new URL('../../bin/run.js', import.meta.url))

export interface CliResult {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
  /** stdout as one JSON value; throws when it holds anything else. */
  json<T = Record<string, unknown>>(): T
}

export interface CliOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Another bin file than this checkout's. */
  readonly bin?: string
}

/** Runs the CLI in a child process, without this process's MNAS_ variables, and never rejects because of its exit code. */
export function mnas(args: readonly string[], { cwd, env = {}, bin: program = bin }: CliOptions = {}): Promise<CliResult> {
  const own = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('MNAS_') && name !== 'NODE_OPTIONS'),
  )
  const options = { cwd, env: { ...own, NO_COLOR: '1', ...env }, encoding: 'utf8', maxBuffer: 64 * 2 ** 20 } as const
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, [program, ...args], options, (error, stdout, stderr) => {
      const exitCode = child.exitCode
      if (exitCode === null)
        reject(new Error(`mnas ${args.join(' ')} ended by ${child.signalCode ?? 'an error'}: ${stderr}`, { cause: error }))
      else resolve({ stdout, stderr, exitCode, json: () => JSON.parse(stdout) })
    })
    child.stdin?.end()
  })
}

/** A temporary folder for one test, with a cache of its own; `remove` it afterwards. */
export async function temporaryFolder(name: string): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), `mnas-${name}-`))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}
