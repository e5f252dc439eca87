import { setTimeout as delay } from 'node:timers/promises'
import { openLockFile } from './lock-file.js'

/** Pauses between two attempts, in ms, growing: short for who just missed it, long enough not to disturb a timing. */
const firstPauseMs = 2
const longestPauseMs = 50
const usualPatienceMs = 2000

/** How somebody waits. */
export interface Waiting {
  /** Ends the wait with its reason; what can be had at once is had all the same. */
  readonly signal?: AbortSignal | undefined
  /** Told once, when the pauses come to more than `patienceMs`. */
  readonly onWait?: (() => void) | undefined
  /** Default: two seconds, which nobody needs to hear of. */
  readonly patienceMs?: number | undefined
}

/**
 * Work that takes turns with all other work under the same lock file, of this process and of others. Whoever waits sleeps between
 * attempts: there is no queue.
 * @throws MNAS_FILE_WRITE when the lock file cannot be made, the signal's reason
 */
export async function whileLocked<T>(path: string, work: () => Promise<T>, waiting?: Waiting): Promise<T> {
  const lock = openLockFile(path)
  try {
    await until(lock.tryExclusive, waiting)
    return await work()
  } finally {
    lock.close()
  }
}

/** Tries until it succeeds; the event loop stays free meanwhile. @throws the signal's reason */
export async function until(
  attempt: () => boolean,
  { signal, onWait, patienceMs = usualPatienceMs }: Waiting = {},
): Promise<void> {
  let [pauseMs, waitedMs, told] = [firstPauseMs, 0, false]
  while (!attempt()) {
    signal?.throwIfAborted()
    if (!told && waitedMs >= patienceMs) {
      told = true
      onWait?.()
    }
    await delay(pauseMs)
    waitedMs += pauseMs
    pauseMs = Math.min(2 * pauseMs, longestPauseMs)
  }
}
