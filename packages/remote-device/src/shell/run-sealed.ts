import { randomBytes } from 'node:crypto'
import { measurementErrors } from '@mnas/core/measurement'
import type { RemoteShell, RunLimits } from './remote-shell.js'
import { guarded, sealed, unseal } from './seal.js'
import { unlessLost } from './unless-lost.js'

export interface Ended {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
}

/** Runs a line to its end. @throws MNAS_DEVICE_LOST when the end cannot be known, or nothing is answered any more; as `RemoteShell.run` */
export function runSealed(shell: RemoteShell, line: string, limits: RunLimits): Promise<Ended> {
  return run(shell, sealed, line, limits)
}

/** Runs one program, which ends with this call at the latest. @param words program and arguments, quoted */
export function runGuarded(shell: RemoteShell, words: string, limits: RunLimits): Promise<Ended> {
  return run(shell, guarded, words, limits)
}

async function run(shell: RemoteShell, seal: typeof sealed, line: string, limits: RunLimits): Promise<Ended> {
  limits.signal.throwIfAborted()
  const mark = `mnas-end-${randomBytes(6).toString('hex')}`
  const { stdout, stderr } = await unlessLost(shell, limits.signal, () => shell.run(seal(line, mark), limits))
  limits.signal.throwIfAborted()
  const ended = unseal(stdout, mark)
  if (ended) return { ...ended, stderr }
  const said = stderr.trim().split('\n').at(-1) || stdout.trim().split('\n').at(-1) || 'nothing'
  throw measurementErrors.MNAS_DEVICE_LOST({
    device: shell.name,
    reason: `the connection ended before the command did; last it said: ${said}`,
  })
}
