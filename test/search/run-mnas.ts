import { type ChildProcess, spawn } from 'node:child_process'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { bin } from '../support/cli.js'

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cacheFolder: string
  /** Called at each line of progress on stderr. */
  readonly onLine?: (child: ChildProcess, line: number) => void
}

/** Runs the real program in a process of its own, which `onLine` may kill. */
export async function runMnas(words: readonly string[], { cacheFolder, onLine }: RunOptions): Promise<Ended> {
  const env = { ...process.env, MNAS_CACHE_FOLDER: cacheFolder, MNAS_PROGRESS: 'jsonl' }
  const child = spawn(process.execPath, [bin, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr, lines] = ['', '', 0]
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    for (let index = 0; index < text.split('\n').length - 1; index++) onLine?.(child, ++lines)
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
}

/** Whole numbers from `low` to `high`, the same for the same seed. */
export function randomNumbers(seed: number): (low: number, high: number) => number {
  const random = xoroshiro128plus(seed)
  return (low, high) => low + ((random.next() >>> 0) % (high - low + 1))
}
