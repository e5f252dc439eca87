import { dirname } from 'node:path/posix'
import { remoteErrors } from '../errors.js'
import { quote } from './quote.js'
import type { RemoteShell } from './remote-shell.js'
import { runSealed } from './run-sealed.js'
import { unlessLost } from './unless-lost.js'

export interface PushedFile {
  readonly local: string
  /** Absolute. */
  readonly remote: string
  readonly sha256: string
  readonly sizeBytes: number
  readonly executable?: boolean
}

const shortMs = 20_000
/** A bad cable: 1 MB a second. */
const pushMs = (sizeBytes: number) => 30_000 + sizeBytes / 1000
const attempts = 2

/**
 * Sees to it that a file is there, whole: one that is there already stays, one that arrives otherwise than it left is pushed once more.
 * @throws MNAS_REMOTE_CORRUPT, MNAS_REMOTE_SPACE, MNAS_REMOTE_PUSH, MNAS_REMOTE_TIMEOUT, MNAS_DEVICE_LOST, the signal's reason
 */
export async function pushChecked(shell: RemoteShell, file: PushedFile, signal: AbortSignal): Promise<void> {
  const { local, remote, sha256, sizeBytes, executable = false } = file
  for (let pushed = 0; pushed <= attempts; pushed++) {
    const found = await hashThere(shell, remote, signal)
    if (found === sha256) return executable ? makeExecutable(shell, remote, signal) : undefined
    if (pushed === attempts) throw remoteErrors.MNAS_REMOTE_CORRUPT({ device: shell.name, file: local, remote, sha256, found })
    await runSealed(shell, `mkdir -p ${quote(dirname(remote))}`, { limitMs: shortMs, signal })
    await unlessLost(shell, signal, () => shell.push(local, remote, { limitMs: pushMs(sizeBytes), signal }))
  }
}

/** The sha256 of a file there; or, for messages, what stands in its place. */
async function hashThere(shell: RemoteShell, remote: string, signal: AbortSignal): Promise<string> {
  const { stdout, stderr, exitCode } = await runSealed(shell, `sha256sum ${quote(remote)}`, { limitMs: 60_000, signal })
  const hash = /^\\?([0-9a-f]{64})\s/.exec(stdout.trimStart())?.[1]
  if (exitCode === 0 && hash) return hash
  return stderr.trim().split('\n').at(-1) || 'no hash'
}

/** Some ways of pushing lose the bit. */
async function makeExecutable(shell: RemoteShell, remote: string, signal: AbortSignal): Promise<void> {
  const path = quote(remote)
  const { stderr, exitCode } = await runSealed(shell, `chmod 755 ${path} && test -x ${path}`, { limitMs: shortMs, signal })
  if (exitCode === 0) return
  const reason = `${remote} cannot be made executable (${stderr.trim().split('\n').at(-1) || `status ${exitCode}`})`
  throw remoteErrors.MNAS_REMOTE_TOOL({ device: shell.name, reason })
}
