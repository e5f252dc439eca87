import { quote } from './quote.js'
import type { RemoteShell } from './remote-shell.js'
import { runSealed } from './run-sealed.js'

/** Whether there is a file with something in it. @param path there */
export async function hasFile(shell: RemoteShell, path: string, signal: AbortSignal): Promise<boolean> {
  return (await runSealed(shell, `test -s ${quote(path)}`, { limitMs: 10_000, signal })).exitCode === 0
}
