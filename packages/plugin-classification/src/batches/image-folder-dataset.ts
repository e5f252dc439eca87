import type { Batch, BatchPlan, Dataset, Hash, OpenOptions, Position, SkippedFile, Split } from '@mnas/core/contracts'
import { type BatchRows, batchRows, countBatches, ImageBatches, type WantedBatch } from '@mnas/images/batches'
import type { ImageFolder } from '@mnas/images/cache'
import { decoderVersion } from '@mnas/images/decoding'
import { parseAugmentation } from '../augmentation/augmentation.js'
import { resolveClassWeights } from '../augmentation/class-weights.js'
import { type Examples, type ExamplesTask, makeBatch } from './make-batch.js'

const work = { makeBatch, worker: new URL('./batch-worker.js', import.meta.url) }

/** A folder of labelled images as batches. */
export class ImageFolderDataset implements Dataset {
  readonly labels: readonly string[]
  readonly #data: ImageFolder<Examples>
  readonly #batches: ImageBatches<Examples, ExamplesTask>

  constructor(labels: readonly string[], data: ImageFolder<Examples>, options: OpenOptions) {
    this.labels = labels
    this.#data = data
    this.#batches = new ImageBatches(data, work, options)
  }

  get fingerprint(): Hash {
    return this.#data.fingerprint
  }

  /** Grows when a file turns out to be unreadable only when it is decoded. */
  get skipped(): readonly SkippedFile[] {
    return this.#data.broken.files
  }

  size(split: Split): number {
    return this.#data.files.splits[split].length
  }

  counts(split: Split): readonly number[] {
    const { splits, labelOf } = this.#data.files
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
    const rows = batchRows(plan, this.size(plan.split), from)
    yield* this.#batches.deliver(plan, this.#wanted(plan, rows), workers, signal)
  }

  close(): Promise<void> {
    return this.#batches.close()
  }

  *#wanted(plan: BatchPlan, batches: Iterable<BatchRows>): Generator<WantedBatch<ExamplesTask>> {
    const { split, seed, inputSize, decoding } = plan
    const augmentation = parseAugmentation(plan.augmentation)
    const classWeights = resolveClassWeights(augmentation.classWeights ?? {}, this.labels, this.counts(split))
    for (const { position, rows } of batches) {
      yield { position, task: { split, seed, inputSize, decoding, augmentation, classWeights, ...position, rows } }
    }
  }
}
