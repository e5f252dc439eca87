import type { Batch, BatchPlan, OpenOptions, Position } from '@mnas/core/contracts'
import { type ImageFolder, preparePixelCache } from '../cache/prepare-pixel-cache.js'
import type { ImageFiles } from '../decoding/image-files.js'
import { type BatchMaker, type BatchTask, createBatchMaker, type MadeBatch, type MakeBatch } from './batch-maker.js'
import { createWorkerPool } from './worker-pool.js'

/** How a task's batches are made. */
export interface BatchWork<Files extends ImageFiles, Task extends BatchTask> {
  readonly makeBatch: MakeBatch<Files, Task>
  /** The module that a thread runs: it calls serveBatches with the same function. */
  readonly worker: URL
}

/** A batch to deliver: where it stands and what is to be made, the cache apart. */
export interface WantedBatch<Task extends BatchTask> {
  readonly position: Position
  readonly task: Omit<Task, 'cacheFolder'>
}

/** Delivers batches of an image folder in order. Decodes every image once into a pixel cache when it fits the limit, else whenever it is needed. */
export class ImageBatches<Files extends ImageFiles, Task extends BatchTask> {
  readonly #data: ImageFolder<Files>
  readonly #work: BatchWork<Files, Task>
  readonly #options: OpenOptions
  /** Where the stored images of an input size lie; null = streamed. */
  readonly #caches = new Map<number, Promise<string | null>>()
  /** By number of threads; 0 = this one. */
  readonly #makers = new Map<number, BatchMaker<Task>>()

  constructor(data: ImageFolder<Files>, work: BatchWork<Files, Task>, options: OpenOptions) {
    this.#data = data
    this.#work = work
    this.#options = options
  }

  /**
   * The cache holds what is decoded fast; exact batches, which are asked for once, come from the files.
   * @param wanted batches of that plan, taken as they are begun
   */
  async *deliver(
    { inputSize, decoding }: Pick<BatchPlan, 'inputSize' | 'decoding'>,
    wanted: Iterator<WantedBatch<Task>>,
    workers: number,
    signal: AbortSignal,
  ): AsyncGenerator<Batch> {
    const cacheFolder = decoding === 'exact' ? null : await this.#cacheFor(inputSize, signal)
    const maker = this.#maker(workers)
    const start = () => {
      const next = wanted.next()
      if (next.done) return undefined
      const { position, task } = next.value
      const made = this.#whileWorking(() => maker.make({ ...task, cacheFolder } as Task))
      made.catch(() => undefined) // whoever awaits it sees the failure; nobody may when the consumer stops early
      return { position, made }
    }
    // Bounded: each thread has a batch in hand and two wait for the consumer. Alone, nothing is made before it is asked for.
    const queue = Array.from({ length: workers === 0 ? 1 : workers + 2 }, start).filter((entry) => entry !== undefined)
    for (let entry = queue.shift(); entry !== undefined; entry = queue.shift()) {
      const { unreadable, ...batch }: MadeBatch = await orAborted(entry.made, signal)
      this.#data.broken.add(unreadable)
      if (workers > 0) pushIfAny(queue, start())
      yield { position: entry.position, ...batch }
      signal.throwIfAborted()
      if (workers === 0) pushIfAny(queue, start())
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#makers.values()].map((maker) => maker.close()))
    this.#makers.clear()
  }

  #maker(workers: number): BatchMaker<Task> {
    const { files } = this.#data
    const { makeBatch, worker } = this.#work
    const create = () => (workers === 0 ? createBatchMaker(files, makeBatch) : createWorkerPool<Task>(worker, files, workers))
    const maker = this.#makers.get(workers) ?? create()
    this.#makers.set(workers, maker)
    return maker
  }

  #whileWorking<T>(work: () => Promise<T>): Promise<T> {
    return this.#options.whileWorking ? this.#options.whileWorking(work) : work()
  }

  #cacheFor(inputSize: number, signal: AbortSignal): Promise<string | null> {
    const known = this.#caches.get(inputSize)
    if (known) return known
    const cache = preparePixelCache(this.#data, { ...this.#options, signal }, inputSize)
    this.#caches.set(inputSize, cache)
    cache.catch(() => this.#caches.delete(inputSize))
    return cache
  }
}

function pushIfAny<T>(queue: T[], entry: T | undefined): void {
  if (entry !== undefined) queue.push(entry)
}

/** The promise, or the signal's reason as soon as it is aborted. */
async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  let abort = () => {}
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
  })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
