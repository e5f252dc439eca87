import { join } from 'node:path'
import { type PathTable, pathAt } from '../listing/path-table.js'
import { mapConcurrently } from '../map-concurrently.js'
import { tryToDecode } from './look-at-file.js'
import { type EarlierScan, matchEarlier, type SeenFiles } from './scan-cache.js'
import { createRangeScanner, type ScanJob, type ScannedRange } from './scan-range.js'
import { createScanTable, fileStates } from './scan-table.js'
import { scanInThreads } from './scan-threads.js'

export interface RunningScanOptions {
  readonly report?: (event: { readonly done: number; readonly total: number }) => void
  readonly signal?: AbortSignal
}

/** Fewer files than this are not worth threads, however slow the disk. */
const worthThreads = 500
/** This thread lets others speak this often. */
const turnMs = 10
/** Doubtful files decoded at once. */
const concurrency = 16

/** One look at the files of a folder: first in this thread, then in others, then what is left. What it finds does not depend on who looked. */
export class RunningScan {
  readonly seen: SeenFiles
  readonly #job: ScanJob
  readonly #options: RunningScanOptions
  readonly #reasons = new Map<number, string>()
  readonly #earlierReasons: ReadonlyMap<number, string>
  readonly #doubtful: number[] = []
  #done = 0
  #reported = 0
  #read = 0

  constructor(folder: string, paths: PathTable, earlier: EarlierScan | undefined, options: RunningScanOptions) {
    const table = createScanTable(paths.ends.length)
    this.seen = { paths, table, reasons: this.#reasons }
    this.#job = { folder, paths, table, earlier: earlier && matchEarlier(paths, earlier) }
    this.#earlierReasons = earlier?.reasons ?? new Map()
    this.#options = options
  }

  /** How many files had to be read. */
  get read(): number {
    return this.#read
  }

  get #total(): number {
    return this.seen.paths.ends.length
  }

  /** @param patienceMs when it has passed and many files are left, they are left */
  async inThisThread(patienceMs: number): Promise<void> {
    this.#options.signal?.throwIfAborted()
    const scanRange = createRangeScanner(this.#job)
    const started = performance.now()
    let turned = started
    for (let index = 0; index < this.#total; index++) {
      if (this.seen.table.states[index] !== fileStates.pending) continue
      const now = performance.now()
      if (now - started >= patienceMs && this.#total - index >= worthThreads) return
      if (now - turned >= turnMs) {
        await new Promise(setImmediate)
        this.#options.signal?.throwIfAborted()
        turned = performance.now()
      }
      const range = scanRange(index, index + 1)
      this.#hear(range)
      if (range.read > 0) this.#report()
    }
  }

  async inThreads(threads: number): Promise<void> {
    const first = this.seen.table.states.indexOf(fileStates.pending)
    if (first < 0) return
    const hear = (range: ScannedRange) => {
      this.#hear(range)
      this.#report()
    }
    await scanInThreads(this.#job, first, threads, hear, this.#options.signal)
  }

  /** Tries files without their end mark. */
  async settleDoubtful(): Promise<void> {
    const { paths, table } = this.seen
    const indices = this.#doubtful.sort((a, b) => a - b)
    await mapConcurrently(indices, concurrency, async (index) => {
      this.#options.signal?.throwIfAborted()
      const reason = await tryToDecode(join(this.#job.folder, pathAt(paths, index)))
      table.states[index] = reason === undefined ? fileStates.usable : fileStates.unusable
      if (reason !== undefined) this.#reasons.set(index, reason)
      this.#done++
      this.#report()
    })
  }

  #hear({ first, states, reasons, read }: ScannedRange): void {
    this.seen.table.states.set(states, first)
    this.#read += read
    for (const [index, reason] of reasons) this.#reasons.set(index, reason)
    for (const [place, state] of states.entries()) {
      const index = first + place
      if (state === fileStates.doubtful) this.#doubtful.push(index)
      else this.#done++
      if (state === fileStates.unusable && !this.#reasons.has(index)) this.#reasons.set(index, this.#earlierReason(index))
    }
  }

  #earlierReason(index: number): string {
    return this.#earlierReasons.get(this.#job.earlier!.rowOf[index]!)!
  }

  #report(): void {
    if (this.#done === this.#reported) return // a doubtful file is not done yet
    this.#reported = this.#done
    this.#options.report?.({ done: this.#done, total: this.#total })
  }
}
