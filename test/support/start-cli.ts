import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../../bin/run.js', import.meta.url))

/** The real program in a process of its own, to be killed by the test. */
export function startCli(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, [bin, ...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit'] })
}

/**
 * Runs a command again and again, each time ended by `kill -9` at a random moment, and once to its end.
 * @param within the longest a killed run may live, in milliseconds
 * @returns how many of the runs were really killed (a run may end before its moment comes)
 */
export async function runThroughKills(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  kills: number,
  within: () => number,
): Promise<number> {
  let killed = 0
  for (let i = 0; i < kills; i++) {
    const child = startCli(args, env)
    const timer = setTimeout(() => child.kill('SIGKILL'), within())
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
    clearTimeout(timer)
    if (signal === 'SIGKILL') killed++
    else if (code !== 0) throw new Error(`mnas ${args.join(' ')} ended with ${code}`)
  }
  const [code] = (await once(startCli(args, env), 'exit')) as [number | null]
  if (code !== 0) throw new Error(`mnas ${args.join(' ')} ended with ${code} after ${kills} kills`)
  return killed
}
