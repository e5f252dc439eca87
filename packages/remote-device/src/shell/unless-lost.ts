import { randomBytes } from 'node:crypto'
import { isMnasError } from '@mnas/core/errors'
import { measurementErrors } from '@mnas/core/measurement'
import type { RemoteShell } from './remote-shell.js'
import { sealed, unseal } from './seal.js'

/** What doing nothing may take there. */
const pulseSeconds = 10

/**
 * A call that runs out of time says nothing of why. Where the device does not even do nothing in time, it is lost, and not its command slow: some
 * connections (ssh through one that the user keeps open, adb over a network) do not notice by themselves that their other end is gone.
 * @throws MNAS_DEVICE_LOST, the signal's reason, and what the call throws
 */
export async function unlessLost<T>(shell: RemoteShell, signal: AbortSignal, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (!isTimeout(error) || (await hasPulse(shell, signal))) throw error
    const reason = `it did not end a command in time, nor then one that does nothing within ${pulseSeconds} s`
    throw measurementErrors.MNAS_DEVICE_LOST({ device: shell.name, reason }, error)
  }
}

async function hasPulse(shell: RemoteShell, signal: AbortSignal): Promise<boolean> {
  const mark = `mnas-pulse-${randomBytes(6).toString('hex')}`
  try {
    const { stdout } = await shell.run(sealed(':', mark), { limitMs: 1000 * pulseSeconds, signal })
    return unseal(stdout, mark) !== null
  } catch (error) {
    if (isTimeout(error)) return false
    throw error
  }
}

const isTimeout = (error: unknown): boolean => isMnasError(error) && error.code === 'MNAS_REMOTE_TIMEOUT'
