import type { Batch, BatchPlan, Dataset, Hash, OpenOptions, Position, SkippedFile, Split } from '@mnas/core/contracts'
import { parseAugmentation } from '../augmentation/augmentation.js'
import { resolveClassWeights } from '../augmentation/class-weights.js'
import { decoderVersion } from '../pixels/decode-image.js'
import { type BatchMaker, createBatchMaker } from './batch-maker.js'
import { batchRows, countBatches } from './batch-tasks.js'
import type { ImageFolder } from './image-folder.js'
import type { BatchData } from './make-batch.js'
import { preparePixelCache } from './prepare-pixel-cache.js'
import { createWorkerPool } from './worker-pool.js'

/** Batches of an image folder. Decodes every image once into a pixel cache when it fits the limit, else whenever it is needed. */
export class ImageFolderDataset implements Dataset {
  readonly #data: ImageFolder
  readonly #options: OpenOptions
  /** Where the stored images of an input size lie; null = streamed. */
  readonly #caches = new Map<number, Promise<string | null>>()
  /** By number of threads; 0 = this one. */
  readonly #makers = new Map<number, BatchMaker>()

  constructor(data: ImageFolder, options: OpenOptions) {
    this.#data = data
    this.#options = options
  }

  get fingerprint(): Hash {
    return this.#data.fingerprint
  }

  get labels(): readonly string[] {
    return this.#data.labels
  }

  /** Grows when a file turns out to be unreadable only when it is decoded. */
  get skipped(): readonly SkippedFile[] {
    return this.#data.broken.files
  }

  size(split: Split): number {
    return this.#data.examples.splits[split].length
  }

  counts(split: Split): readonly number[] {
    const { splits, labelOf } = this.#data.examples
    const counts = this.labels.map(() => 0)
    for (const image of splits[split]) counts[labelOf[image]!]!++
    return counts
  }

  batchesPerEpoch(plan: BatchPlan): number {
    return countBatches(plan, this.size(plan.split))
  }

  decoders(): Promise<string> {
    return decoderVersion()
  }

  async *batches(plan: BatchPlan, from: Position, workers: number, signal: AbortSignal): AsyncGenerator<Batch> {
    signal.throwIfAborted()
    const augmentation = parseAugmentation(plan.augmentation)
    const { classWeights: wanted = {} } = augmentation
    const classWeights = resolveClassWeights(wanted, this.labels, this.counts(plan.split))
    const rows = batchRows(plan, this.size(plan.split), from)
    const cacheFolder = await this.#cacheFor(plan.inputSize, signal)
    const maker = this.#maker(workers)
    const start = () => {
      const next = rows.next()
      if (next.done) return undefined
      const { split, seed, inputSize } = plan
      const task = {
        split,
        seed,
        inputSize,
        augmentation,
        classWeights,
        cacheFolder,
        ...next.value.position,
        rows: next.value.rows,
      }
      const data = this.#whileWorking(() => maker.make(task))
      data.catch(() => undefined) // whoever awaits it sees the failure; nobody may when the consumer stops early
      return { position: next.value.position, data }
    }
    // Bounded: each thread has a batch in hand and two wait for the consumer. Alone, nothing is made before it is asked for.
    const queue = Array.from({ length: workers === 0 ? 1 : workers + 2 }, start).filter((entry) => entry !== undefined)
    for (let entry = queue.shift(); entry !== undefined; entry = queue.shift()) {
      const data = await orAborted(entry.data, signal)
      this.#data.broken.add(data.unreadable)
      if (workers > 0) pushIfAny(queue, start())
      yield toBatch(plan, entry.position, data, this.labels.length)
      signal.throwIfAborted()
      if (workers === 0) pushIfAny(queue, start())
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#makers.values()].map((maker) => maker.close()))
    this.#makers.clear()
  }

  #maker(workers: number): BatchMaker {
    const { examples } = this.#data
    const maker = this.#makers.get(workers) ?? (workers === 0 ? createBatchMaker(examples) : createWorkerPool(examples, workers))
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

function toBatch({ batchSize, inputSize }: BatchPlan, position: Position, data: BatchData, classes: number): Batch {
  return {
    position,
    examples: data.examples,
    inputs: {
      image: { dtype: 'float32', shape: [batchSize, inputSize, inputSize, 3], data: data.image },
      labels: { dtype: 'float32', shape: [batchSize, classes], data: data.labels },
      weight: { dtype: 'float32', shape: [batchSize], data: data.weight },
    },
  }
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
