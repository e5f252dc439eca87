import type { Batch, BatchPlan, Dataset, Hash, OpenOptions, Position, SkippedFile, Split } from '@mnas/core/contracts'
import { type BatchRows, batchRows, countBatches, ImageBatches, type WantedBatch } from '@mnas/images/batches'
import type { ImageFolder } from '@mnas/images/cache'
import { decoderVersion } from '@mnas/images/decoding'
import type { Part } from '@mnas/images/layouts'
import { type Identities, identitiesAt } from '@mnas/images/scanning'
import { parseAugmentation } from '../augmentation/augmentation.js'
import { resolveClassWeights } from '../augmentation/class-weights.js'
import { countLabels } from '../folder/split-images.js'
import { type Examples, type ExamplesTask, makeBatch } from './make-batch.js'

const work = { makeBatch, worker: new URL('./batch-worker.js', import.meta.url) }

/** What is known of a folder of labelled images besides its files. */
export interface FolderFacts {
  readonly fingerprint: Hash
  readonly labels: readonly string[]
  /** As Listing.places. */
  readonly places: Readonly<Partial<Record<Part, string>>>
  /** As Dataset.warnings. */
  readonly warnings: readonly string[]
  /** Of each image. */
  readonly identities: Identities
}

/** A folder of labelled images as batches. */
export class ImageFolderDataset implements Dataset {
  readonly fingerprint: Hash
  readonly labels: readonly string[]
  readonly warnings: readonly string[]
  readonly #facts: FolderFacts
  readonly #data: ImageFolder<Examples>
  readonly #batches: ImageBatches<Examples, ExamplesTask>

  constructor(facts: FolderFacts, data: ImageFolder<Examples>, options: OpenOptions) {
    this.fingerprint = facts.fingerprint
    this.labels = facts.labels
    this.warnings = facts.warnings
    this.#facts = facts
    this.#data = data
    this.#batches = new ImageBatches(data, work, options)
  }

  /** Grows when a file turns out to be unreadable only when it is decoded. */
  get skipped(): readonly SkippedFile[] {
    return this.#data.broken.files
  }

  get places(): Readonly<Partial<Record<Split, string>>> {
    const { training, validation, test } = this.#facts.places
    return { ...(training && { train: training }), ...(validation && { validation }), ...(test && { test }) }
  }

  /** Validation images of their own say it; else all images of a folder that the model has not seen; test images where there is nothing else. */
  evaluationSplit(trainedOn: boolean): Split {
    const { validation, test } = this.#facts.places
    if (validation !== undefined) return 'validation'
    if (test !== undefined && this.size('train') === 0) return 'test'
    return trainedOn ? 'validation' : 'all'
  }

  identities(split: Split): Identities {
    return identitiesAt(this.#facts.identities, this.#data.files.splits[split])
  }

  size(split: Split): number {
    return this.#data.files.splits[split].length
  }

  /** Images of each label in a split. */
  counts(split: Split): readonly number[] {
    const { splits, labelOf } = this.#data.files
    return countLabels(splits[split], labelOf, this.labels.length)
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
