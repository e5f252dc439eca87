import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The real program. */
export const bin = fileURLToPath(new URL('../../bin/run.js', import.meta.url))

export interface MnasOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Another bin file than this checkout's. */
  readonly bin?: string
  /** The words of a program that starts it, e.g. a shell with `exec "$@"` that sets a limit first. */
  readonly through?: readonly string[]
}

/** How the program ended. */
export interface Ended {
  readonly stdout: string
  readonly stderr: string
  /** null: a signal ended it. */
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  /** stdout as one JSON value; throws when it holds anything else. */
  json<T = Record<string, unknown>>(): T
}

/** The program while it runs. */
export interface RunningMnas {
  readonly pid: number
  /** Resolves once stderr has said it; rejects when the program ends before. */
  says(what: RegExp | ((stderr: string) => boolean)): Promise<void>
  kill(signal: NodeJS.Signals): void
  readonly ended: Promise<Ended>
}

/**
 * Starts the program in a process of its own: without this process's MNAS_ variables, without a terminal, with nothing on stdin, and leaving
 * alone whatever phones this computer's adb knows.
 */
export function startMnas(args: readonly string[], options: MnasOptions = {}): RunningMnas {
  const { cwd, env = {}, bin: program = bin, through = [] } = options
  const [command, ...words] = [...through, process.execPath, program, ...args]
  const stdio = ['ignore', 'pipe', 'pipe'] as const
  const child = spawn(command!, words, {
    cwd,
    env: { ...ownEnvironment(), NO_COLOR: '1', MNAS_ADB: '', ...env },
    stdio: [...stdio],
  })
  let [stdout, stderr] = ['', '']
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (exitCode, signal) => resolve({ stdout, stderr, exitCode, signal, json: () => JSON.parse(stdout) }))
  })
  return {
    pid: child.pid!,
    ended,
    kill: (signal) => void child.kill(signal),
    says: (what) =>
      new Promise((resolve, reject) => {
        const said = typeof what === 'function' ? what : (text: string) => what.test(text)
        const look = () => void (said(stderr) && resolve())
        child.stderr!.on('data', look)
        look()
        void ended.then(() => reject(new Error(`mnas ${args.join(' ')} ended before it said ${what}: ${stderr}`)))
      }),
  }
}

/** Runs the program to its end. Rejects when a signal ended it, never because of its exit code. */
export async function mnas(args: readonly string[], options?: MnasOptions): Promise<Ended> {
  const ended = await startMnas(args, options).ended
  if (ended.exitCode === null) throw new Error(`mnas ${args.join(' ')} ended by ${ended.signal}: ${ended.stderr}`)
  return ended
}

function ownEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('MNAS_') && name !== 'NODE_OPTIONS')
  return Object.fromEntries(own)
}
