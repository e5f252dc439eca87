/** A process that is silent for so long, and for ten of its longest silences so far, hangs. A step blocks a process; nothing else does. */
const smallestSilenceMs = 180_000
const silencesAllowed = 10

export interface SilenceWatch {
  heard(): void
  silent(): boolean
  stop(): void
}

const lookEveryMs = smallestSilenceMs / 10

/**
 * Calls `onSilence` once when nothing was heard for longer than a live process could be silent. Time in which this process did not look either, stopped
 * or asleep with the whole computer, is no silence: the other could not say anything.
 */
export function watchSilence(onSilence: () => void): SilenceWatch {
  let lookedAt = performance.now()
  let quietMs = 0
  let longest = 0
  let silent = false
  const look = () => {
    const now = performance.now()
    quietMs += Math.min(now - lookedAt, 2 * lookEveryMs)
    lookedAt = now
  }
  const timer = setInterval(() => {
    look()
    if (quietMs <= Math.max(smallestSilenceMs, silencesAllowed * longest)) return
    silent = true
    clearInterval(timer)
    onSilence()
  }, lookEveryMs)
  timer.unref()
  return {
    heard() {
      look()
      longest = Math.max(longest, quietMs)
      quietMs = 0
    },
    silent: () => silent,
    stop: () => clearInterval(timer),
  }
}
