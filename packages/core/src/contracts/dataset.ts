import type { Hash, Json, JsonObject } from './json.js'
import type { Tensors } from './tensor.js'

/** The next batch to deliver: `index` counts batches within `epoch`, both from 0. */
export interface Position {
  readonly epoch: number
  readonly index: number
}

/**
 * train and heldOut divide the training images (seeded, stratified); validation images are read only by evaluate, the end of
 * train and deploy; test images, from a folder of their own, by evaluate when it is asked for them; all = every image there is,
 * of whatever split.
 */
export type Split = 'train' | 'heldOut' | 'validation' | 'test' | 'all'

export interface BatchPlan {
  readonly split: Split
  readonly batchSize: number
  /** Side of the square model input in pixels. */
  readonly inputSize: number
  readonly seed: number
  /** What the task does to an example; the task's recipes hold it. `{}` = the task's evaluation transform. */
  readonly augmentation: JsonObject
  /**
   * Whether the examples are shuffled anew each epoch and the last, incomplete batch dropped (training) or in order, the last
   * batch padded (evaluation).
   */
  readonly training: boolean
  /** What `Task.targets` said of the graph that these batches are for; `{}` where the targets do not depend on it. */
  readonly targets: JsonObject
  /**
   * How image files become pixels. exact: the same numbers on every machine, in a browser too (what a model is judged by);
   * fast: as quickly as the decoder can, off by a level here and there (what it is trained on).
   */
  readonly decoding: 'fast' | 'exact'
}

export interface Batch {
  readonly position: Position
  /**
   * Model inputs (`image` float32 NHWC) and targets (classification: `labels` [classes], `weight` []), always full batchSize
   * rows.
   */
  readonly inputs: Tensors
  /** Index of each row's example in its split; −1 = padding. */
  readonly examples: readonly number[]
  /**
   * Evaluation only: what is true of each row in the task's own JSON, null for padding, for what no target of a static shape
   * can hold (boxes in pixels of the photo). Read by the task's MetricsAccumulator and nobody else; absent where the targets
   * say it all.
   */
  readonly truth?: readonly (Json | null)[]
}

/** Images that were found and could not be used. */
export interface SkippedFile {
  readonly file: string
  readonly reason: string
}

/** For whom data is looked at. */
export interface LookRequest {
  /** What `Task.targets` said of each network that may learn from the data, `{}` of one that says nothing. */
  readonly targets: readonly JsonObject[]
  /** Of the recipe: how examples are taught. */
  readonly augmentation: JsonObject
}

/** What can be seen of data before anything is learnt of it. */
export interface DataLook {
  /** In the task's own JSON. */
  readonly facts: JsonObject
  /** What decides how well the first network can learn it, in a line or two: told before every training. */
  readonly summary: readonly string[]
  /** All of it, for people. */
  readonly lines: readonly string[]
}

/**
 * A batch is a pure function of (plan, position, files): the same bytes from cache or stream, with any number of workers, in
 * order.
 */
export interface Dataset {
  readonly fingerprint: Hash
  readonly labels: readonly string[]
  readonly skipped: readonly SkippedFile[]
  size(split: Split): number
  /** What the data was taken for and where that stands, for people, where it may be of several formats: `COCO: instances.json`. */
  readonly takenFor?: string
  /** How many of each label there are in a split, in the order of `labels`: examples, or what `counted` says. */
  counts?(split: Split): readonly number[]
  /** What is counted where an example may hold several, in the plural: `boxes`. Default: examples. */
  readonly counted?: string
  /** Cheap: what is known of the data without decoding it. Absent: there is no more than the counts. */
  look?(about: LookRequest): DataLook
  /**
   * Some examples as they are taught, in one picture, as PNG.
   * @param most so many of them
   */
  sheet?(most: number, signal: AbortSignal): Promise<Uint8Array>
  /** Where the images of a split were found when they have a place of their own, for people: `val/`. */
  readonly places?: Readonly<Partial<Record<Split, string>>>
  /**
   * What a person should know before anything is done with the data: how folders were read, classes of few images, copies. A
   * sentence each.
   */
  readonly warnings?: readonly string[]
  /**
   * The split by which a model is judged. Default: validation.
   * @param trainedOn the model was trained on this very data
   */
  evaluationSplit?(trainedOn: boolean): Split
  /** A number for each example of a split, equal for copies of one file in whatever data set. */
  identities?(split: Split): BigUint64Array
  /**
   * How the data itself calls its classes and the examples of a split, in the task's own JSON: for `MetricsAccumulator.answersFile`
   * and nobody else.
   */
  origin?(split: Split): JsonObject
  batchesPerEpoch(plan: BatchPlan): number
  /**
   * What the pixels depend on besides the files, for people: the decoders and their versions. With others, they may differ by
   * rounding.
   */
  decoders?(): Promise<string>
  /**
   * Batches from `from` on without end for training (epoch after epoch), to the end of the epoch for evaluation.
   * @param workers threads that decode; 0 = in this one
   */
  batches(plan: BatchPlan, from: Position, workers: number, signal: AbortSignal): AsyncIterable<Batch>
  close(): Promise<void>
}

/** Where images lie on this computer, and how their folders are read. */
export interface DataPlace {
  readonly folder: string
  /**
   * Where folders of classes are nested: which of them name the classes, the first ones or those that hold the images. Default:
   * the first.
   */
  readonly classFolders?: 'top' | 'leaf'
}
