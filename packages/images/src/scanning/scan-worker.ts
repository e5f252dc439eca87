import { parentPort, workerData } from 'node:worker_threads'
import { createRangeScanner, type ScanJob } from './scan-range.js'

/** The thread that looks at files: takes range after range until none is left, and says what it found in each. */
export interface ScanWorkerData {
  readonly job: ScanJob
  /** One number: the first file that no thread has taken yet. */
  readonly next: Int32Array
}

/** Files taken at once: a few milliseconds' work. */
const rangeSize = 256

const { job, next } = workerData as ScanWorkerData
const scanRange = createRangeScanner(job)
const files = job.paths.ends.length
for (let first = take(); first < files; first = take()) {
  parentPort!.postMessage(scanRange(first, Math.min(first + rangeSize, files)))
}

function take(): number {
  return Atomics.add(next, 0, rangeSize)
}
