import { spawn } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { bin } from './cli.js'

export interface Ended {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** The real program while it runs. */
export interface RunningCli {
  readonly pid: number
  /** Resolves once stderr has said it; rejects when the program ends before. */
  says(pattern: RegExp): Promise<void>
  kill(signal: NodeJS.Signals): void
  readonly ended: Promise<Ended>
}

/** Starts the CLI with its progress as JSON lines on stderr. */
export function startMnas(
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): RunningCli {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', ...env, MNAS_PROGRESS: 'jsonl' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal, stdout, stderr }))
  })
  return {
    pid: child.pid!,
    ended,
    kill: (signal) => void child.kill(signal),
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => void (pattern.test(stderr) && resolve())
        child.stderr.on('data', look)
        look()
        void ended.then(() => reject(new Error(`mnas ${args.join(' ')} ended before it said ${pattern}: ${stderr}`)))
      }),
  }
}

/** The processes that a process started, by what their command line holds (Linux). */
export async function childrenOf(pid: number, holding: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const children = pids.map(async (name) => {
    const status = await readFile(`/proc/${name}/status`, 'utf8').catch(() => '')
    const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')
    return status.includes(`\nPPid:\t${pid}\n`) && command.includes(holding) ? [Number(name)] : []
  })
  return (await Promise.all(children)).flat()
}
