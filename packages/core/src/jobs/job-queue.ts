/** Runs work when its turn comes. @throws the signal's reason when it aborts before that; while the work runs the signal is its own business */
export type JobQueue = <T>(key: string, signal: AbortSignal, work: () => Promise<T>) => Promise<T>

interface Waiting {
  readonly key: string
  begin(): void
}

/** At most so many at once, in the order in which they came; two of one key never at the same time. */
export function jobQueue(capacity: number): JobQueue {
  const waiting: Waiting[] = []
  const busy = new Set<string>()

  const beginNext = () => {
    while (busy.size < capacity) {
      const index = waiting.findIndex(({ key }) => !busy.has(key))
      const [next] = index === -1 ? [] : waiting.splice(index, 1)
      if (!next) return
      busy.add(next.key)
      next.begin()
    }
  }

  const turn = (key: string, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const giveUp = () => {
        waiting.splice(waiting.indexOf(entry), 1)
        reject(signal.reason)
      }
      const entry: Waiting = {
        key,
        begin() {
          signal.removeEventListener('abort', giveUp)
          resolve()
        },
      }
      signal.addEventListener('abort', giveUp, { once: true })
      waiting.push(entry)
      beginNext()
    })

  return async (key, signal, work) => {
    signal.throwIfAborted()
    await turn(key, signal)
    try {
      return await work()
    } finally {
      busy.delete(key)
      beginNext()
    }
  }
}
