import type { Batch, BatchPlan, Dataset, Hash, JsonObject, OpenOptions, Position, SkippedFile, Split } from '@mnas/core/contracts'
import { type BatchRows, batchRows, countBatches, ImageBatches, type WantedBatch } from '@mnas/images/batches'
import type { ImageFolder } from '@mnas/images/cache'
import { decoderVersion } from '@mnas/images/decoding'
import { type Identities, identitiesAt } from '@mnas/images/scanning'
import { parseAugmentation } from '../augmentation/augmentation.js'
import { originToJson } from '../evaluation/coco-results.js'
import { type Examples, type ExamplesTask, makeBatch } from './make-batch.js'
import { type AnnotatedIds, originOfSplit } from './origin-of-split.js'

const work = { makeBatch, worker: new URL('./batch-worker.js', import.meta.url) }

/** What is known of annotated photos besides their files. */
export interface AnnotatedFacts {
  readonly fingerprint: Hash
  readonly labels: readonly string[]
  readonly ids: AnnotatedIds
  /** What the annotations have that is not used. */
  readonly skipped: readonly SkippedFile[]
  /** As Dataset.warnings. */
  readonly warnings: readonly string[]
  /** Of each image. */
  readonly identities: Identities
}

/** Annotated photos as batches. */
export class DetectionDataset implements Dataset {
  readonly fingerprint: Hash
  readonly labels: readonly string[]
  readonly warnings: readonly string[]
  readonly #facts: AnnotatedFacts
  readonly #data: ImageFolder<Examples>
  readonly #batches: ImageBatches<Examples, ExamplesTask>

  constructor(facts: AnnotatedFacts, data: ImageFolder<Examples>, options: OpenOptions) {
    this.fingerprint = facts.fingerprint
    this.labels = facts.labels
    this.warnings = facts.warnings
    this.#facts = facts
    this.#data = data
    this.#batches = new ImageBatches(data, work, options)
  }

  /** Grows when a file turns out to be unreadable only when it is decoded. */
  get skipped(): readonly SkippedFile[] {
    return [...this.#facts.skipped, ...this.#data.broken.files]
  }

  identities(split: Split): Identities {
    return identitiesAt(this.#facts.identities, this.#data.files.splits[split])
  }

  size(split: Split): number {
    return this.#data.files.splits[split].length
  }

  /** Of COCO's results. @throws MNAS_DETECTION_IDS */
  origin(split: Split): JsonObject {
    const { splits, annotated, paths } = this.#data.files
    return originToJson(originOfSplit(this.#facts.ids, { split, images: splits[split], annotated, paths }))
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
    const { split, seed, inputSize, decoding, targets, training } = plan
    const common = { split, seed, inputSize, decoding, targets, withTruth: !training }
    const augmentation = parseAugmentation(plan.augmentation)
    for (const { position, rows } of batches) {
      yield { position, task: { ...common, augmentation, epoch: position.epoch, rows } }
    }
  }
}
