/** A process that is silent for so long, and for ten of its longest silences so far, hangs. A step blocks a process; nothing else does. */
const smallestSilenceMs = 180_000
const silencesAllowed = 10

export interface SilenceWatch {
  heard(): void
  silent(): boolean
  stop(): void
}

/** Calls `onSilence` once when nothing was heard for longer than a live process could be silent. */
export function watchSilence(onSilence: () => void): SilenceWatch {
  let last = performance.now()
  let longest = 0
  let silent = false
  const timer = setInterval(() => {
    if (performance.now() - last <= Math.max(smallestSilenceMs, silencesAllowed * longest)) return
    silent = true
    clearInterval(timer)
    onSilence()
  }, smallestSilenceMs / 10)
  timer.unref()
  return {
    heard() {
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    },
    silent: () => silent,
    stop: () => clearInterval(timer),
  }
}
