/**
 * A process that is silent for so long, and for ten of its longest silences so far, hangs. A step blocks a process; nothing else does, and before the
 * first one nobody knows how long it takes: with a large batch on a slow engine many minutes.
 */
const smallestSilenceMs = { beforeTheFirstStep: 3_600_000, fromThenOn: 180_000 } as const
const silencesAllowed = 10

export interface SilenceWatch {
  heard(): void
  /** It has taken its first step, or another. */
  stepped(): void
  silent(): boolean
  stop(): void
}

const lookEveryMs = smallestSilenceMs.fromThenOn / 10

/**
 * Calls `onSilence` once when nothing was heard for longer than a live process could be silent. Time in which this process did not look either, stopped
 * or asleep with the whole computer, is no silence: the other could not say anything.
 */
export function watchSilence(onSilence: () => void): SilenceWatch {
  let lookedAt = performance.now()
  let quietMs = 0
  let longest = 0
  let smallest: number = smallestSilenceMs.beforeTheFirstStep
  let silent = false
  const look = () => {
    const now = performance.now()
    quietMs += Math.min(now - lookedAt, 2 * lookEveryMs)
    lookedAt = now
  }
  const timer = setInterval(() => {
    look()
    if (quietMs <= Math.max(smallest, silencesAllowed * longest)) return
    silent = true
    clearInterval(timer)
    onSilence()
  }, lookEveryMs)
  timer.unref()
  const heard = () => {
    look()
    longest = Math.max(longest, quietMs)
    quietMs = 0
  }
  return {
    heard,
    stepped() {
      heard()
      smallest = smallestSilenceMs.fromThenOn
    },
    silent: () => silent,
    stop: () => clearInterval(timer),
  }
}
