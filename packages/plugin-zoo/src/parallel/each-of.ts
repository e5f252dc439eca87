/**
 * Does a piece of work for every item, some at a time. The first that fails ends it: no other is begun, those that run are waited for, and its error
 * is thrown.
 */
export async function eachOf<T, R>(
  items: readonly T[],
  concurrency: number,
  signal: AbortSignal,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results = new Array<R>(items.length)
  let [next, failed] = [0, false]
  const worker = async () => {
    while (next < items.length && !failed) {
      const at = next++
      try {
        signal.throwIfAborted()
        results[at] = await work(items[at]!)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  const workers = Array.from({ length: Math.min(concurrency, items.length) }, worker)
  const ended = await Promise.allSettled(workers)
  const failure = ended.find((end) => end.status === 'rejected')
  if (failure) throw failure.reason
  return results
}
