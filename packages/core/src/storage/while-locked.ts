import { setTimeout as delay } from 'node:timers/promises'
import { openLockFile } from './lock-file.js'

/** Pauses between two attempts, in ms, growing: short for who just missed it, long enough not to disturb a timing. */
const firstPauseMs = 2
const longestPauseMs = 50

/**
 * Work that takes turns with all other work under the same lock file, of this process and of others. For what is short: whoever
 * waits sleeps between attempts.
 * @throws MNAS_FILE_WRITE when the lock file cannot be made
 */
export async function whileLocked<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = openLockFile(path)
  try {
    await until(lock.tryExclusive)
    return await work()
  } finally {
    lock.close()
  }
}

/** Tries until it succeeds; the event loop stays free meanwhile. */
export async function until(attempt: () => boolean): Promise<void> {
  for (let pauseMs = firstPauseMs; !attempt(); pauseMs = Math.min(2 * pauseMs, longestPauseMs)) await delay(pauseMs)
}
