import type { BatchPlan, OpenOptions, Split } from '@mnas/core/contracts'
import { type BatchRows, ImageDataset, type ImageFacts, type WantedBatch } from '@mnas/images/batches'
import type { ImageFolder } from '@mnas/images/cache'
import type { Part } from '@mnas/images/layouts'
import { parseAugmentation } from '../augmentation/augmentation.js'
import { resolveClassWeights } from '../augmentation/class-weights.js'
import { countLabels } from '../folder/split-images.js'
import { type Examples, type ExamplesTask, makeBatch } from './make-batch.js'

const work = { makeBatch, worker: new URL('./batch-worker.js', import.meta.url) }

/** What is known of a folder of labelled images besides its files. */
export interface FolderFacts extends ImageFacts {
  /** As Listing.places. */
  readonly places: Readonly<Partial<Record<Part, string>>>
}

/** A folder of labelled images as batches. */
export class ImageFolderDataset extends ImageDataset<Examples, ExamplesTask> {
  readonly #places: FolderFacts['places']

  constructor(facts: FolderFacts, data: ImageFolder<Examples>, options: OpenOptions) {
    super(facts, data, work, options)
    this.#places = facts.places
  }

  get places(): Readonly<Partial<Record<Split, string>>> {
    const { training, validation, test } = this.#places
    return { ...(training && { train: training }), ...(validation && { validation }), ...(test && { test }) }
  }

  /** Validation images of their own say it; else all images of a folder that the model has not seen; test images where there is nothing else. */
  evaluationSplit(trainedOn: boolean): Split {
    const { validation, test } = this.#places
    if (validation !== undefined) return 'validation'
    if (test !== undefined && this.size('train') === 0) return 'test'
    return trainedOn ? 'validation' : 'all'
  }

  /** Images of each label in a split. */
  counts(split: Split): readonly number[] {
    const { splits, labelOf } = this.files
    return countLabels(splits[split], labelOf, this.labels.length)
  }

  protected override shown(image: number, path: string) {
    return { caption: `${this.labels[this.files.labelOf[image]!]}: ${path}`, marks: [] }
  }

  protected override *wanted(plan: BatchPlan, batches: Iterable<BatchRows>): Generator<WantedBatch<ExamplesTask>> {
    const { split, seed, inputSize, decoding, training } = plan
    const augmentation = parseAugmentation(plan.augmentation)
    const classWeights = resolveClassWeights(augmentation.classWeights ?? {}, this.labels, this.counts(split))
    for (const { position, rows } of batches) {
      yield { position, task: { split, seed, inputSize, decoding, training, augmentation, classWeights, ...position, rows } }
    }
  }
}
