import type { BatchPlan, DataLook, JsonObject, LookRequest, OpenOptions, SkippedFile, Split } from '@mnas/core/contracts'
import { type BatchRows, ImageDataset, type ImageFacts, type WantedBatch } from '@mnas/images/batches'
import type { ImageFolder } from '@mnas/images/cache'
import type { Skipped } from '../annotations/skip-counter.js'
import { parseAugmentation } from '../augmentation/augmentation.js'
import { lookAtBoxes } from '../check/look-at-boxes.js'
import { marksOf } from '../check/marks-of.js'
import type { OwnPart } from '../data/annotated-data.js'
import { photoAt } from '../data/packed-photos.js'
import { originToJson } from '../evaluation/coco-results.js'
import { type Examples, type ExamplesTask, makeBatch } from './make-batch.js'
import { type AnnotatedIds, originOfSplit } from './origin-of-split.js'

const work = { makeBatch, worker: new URL('./batch-worker.js', import.meta.url) }

/** What is known of annotated photos besides their files. */
export interface AnnotatedFacts extends ImageFacts {
  readonly takenFor: string
  /** Of parts that the annotations set apart. */
  readonly places: Readonly<Partial<Record<OwnPart, string>>>
  readonly ids: AnnotatedIds
  /** What the annotations have that is not used. */
  readonly skipped: readonly SkippedFile[]
  /** The boxes among it, counted. */
  readonly skippedBoxes: readonly Skipped[]
}

/** Annotated photos as batches. */
export class DetectionDataset extends ImageDataset<Examples, ExamplesTask> {
  readonly takenFor: string
  readonly places: Readonly<Partial<Record<Split, string>>>
  readonly counted = 'boxes'
  readonly #facts: AnnotatedFacts

  constructor(facts: AnnotatedFacts, data: ImageFolder<Examples>, options: OpenOptions) {
    super(facts, data, work, options)
    this.takenFor = facts.takenFor
    this.places = facts.places
    this.#facts = facts
  }

  override get skipped(): readonly SkippedFile[] {
    return [...this.#facts.skipped, ...super.skipped]
  }

  /** As for folders of classes: a validation part says it; test photos where there is nothing else. */
  evaluationSplit(trainedOn: boolean): Split {
    const { validation, test } = this.places
    if (validation !== undefined) return 'validation'
    if (test !== undefined && this.size('train') === 0) return 'test'
    return trainedOn ? 'validation' : 'all'
  }

  /** Boxes of each label in a split. */
  counts(split: Split): readonly number[] {
    const counts = this.labels.map(() => 0)
    for (const { boxes } of this.#photos(split)) for (const { label } of boxes) counts[label]!++
    return counts
  }

  look(about: LookRequest): DataLook {
    const { labels } = this
    const { fit } = this.files.preprocessing
    return lookAtBoxes({ photos: () => this.#photos('all'), labels, fit, skipped: this.#facts.skippedBoxes }, about)
  }

  /** Of COCO's results. @throws MNAS_DETECTION_IDS */
  origin(split: Split): JsonObject {
    const { splits, annotated, paths } = this.files
    return originToJson(originOfSplit(this.#facts.ids, { split, images: splits[split], annotated, paths }))
  }

  *#photos(split: Split) {
    const { splits, annotated } = this.files
    for (const image of splits[split]) yield photoAt(annotated, image)
  }

  protected override shown(image: number, path: string) {
    return { caption: path, marks: marksOf(photoAt(this.files.annotated, image), this.labels) }
  }

  protected override *wanted(plan: BatchPlan, batches: Iterable<BatchRows>): Generator<WantedBatch<ExamplesTask>> {
    const { split, seed, inputSize, decoding, targets, training } = plan
    const common = { split, seed, inputSize, decoding, targets, training }
    const augmentation = parseAugmentation(plan.augmentation)
    for (const { position, rows } of batches) {
      yield { position, task: { ...common, augmentation, epoch: position.epoch, rows } }
    }
  }
}
