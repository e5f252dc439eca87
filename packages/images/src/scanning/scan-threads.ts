import { Worker } from 'node:worker_threads'
import type { ScanJob, ScannedRange } from './scan-range.js'
import type { ScanWorkerData } from './scan-worker.js'

/**
 * Looks at the files from `first` on in threads. A thread that cannot be started or ends early does no harm: what it leaves stays pending.
 * @param hear called in this thread with every range as it is done; what it throws ends the scan
 */
export async function scanInThreads(
  job: ScanJob,
  first: number,
  threads: number,
  hear: (range: ScannedRange) => void,
  signal?: AbortSignal,
): Promise<void> {
  const next = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  next[0] = first
  const workers = start(threads, { job, next })
  let stop = () => {}
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(signal?.reason)
  })
  signal?.addEventListener('abort', stop, { once: true })
  try {
    signal?.throwIfAborted()
    await Promise.race([stopped, Promise.all(workers.map((worker) => untilEnd(worker, hear)))])
  } finally {
    signal?.removeEventListener('abort', stop)
    Atomics.store(next, 0, job.paths.ends.length)
    for (const worker of workers) {
      worker.removeAllListeners('message')
      void worker.terminate() // not awaited: one may be waiting for a disk
    }
  }
}

/** As many as the system gives. */
function start(threads: number, workerData: ScanWorkerData): readonly Worker[] {
  const workers: Worker[] = []
  try {
    while (workers.length < threads) workers.push(new Worker(new URL('./scan-worker.js', import.meta.url), { workerData }))
  } catch {
    // Those there are do the work, or whoever called does.
  }
  return workers
}

function untilEnd(worker: Worker, hear: (range: ScannedRange) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.on('message', (range: ScannedRange) => {
      try {
        hear(range)
      } catch (error) {
        reject(error)
      }
    })
    worker.on('error', () => undefined)
    worker.on('exit', () => resolve())
  })
}
