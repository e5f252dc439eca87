import type { Chart } from './chart.js'
import type { Graph, ObjectiveGraph } from './graph.js'
import type { Hash, JsonObject, Schema } from './json.js'
import type { Tensors } from './tensor.js'

/** The next batch to deliver: `index` counts batches within `epoch`, both from 0. */
export interface Position {
  readonly epoch: number
  readonly index: number
}

/** train and heldOut divide the training images (seeded, stratified); validation images are read only by evaluate, the end of train and deploy. */
export type Split = 'train' | 'heldOut' | 'validation'

export interface BatchPlan {
  readonly split: Split
  readonly batchSize: number
  /** Side of the square model input in pixels. */
  readonly inputSize: number
  readonly seed: number
  /** What the task does to an example; the task's recipes hold it. `{}` = the task's evaluation transform. */
  readonly augmentation: JsonObject
  /** Whether the examples are shuffled anew each epoch and the last, incomplete batch dropped (training) or in order, the last batch padded (evaluation). */
  readonly training: boolean
}

export interface Batch {
  readonly position: Position
  /** Model inputs (`image` float32 NHWC) and targets (classification: `labels` [classes], `weight` []), always full batchSize rows. */
  readonly inputs: Tensors
  /** Index of each row's example in its split; −1 = padding. */
  readonly examples: readonly number[]
}

/** Images that were found and could not be used. */
export interface SkippedFile {
  readonly file: string
  readonly reason: string
}

/** A batch is a pure function of (plan, position, files): the same bytes from cache or stream, with any number of workers, in order. */
export interface Dataset {
  readonly fingerprint: Hash
  readonly labels: readonly string[]
  readonly skipped: readonly SkippedFile[]
  size(split: Split): number
  /** Examples of each label in a split, in the order of `labels`. */
  counts(split: Split): readonly number[]
  batchesPerEpoch(plan: BatchPlan): number
  /** What the pixels depend on besides the files, for people: the decoders and their versions. With others, they may differ by rounding. */
  decoders?(): Promise<string>
  /**
   * Batches from `from` on without end for training (epoch after epoch), to the end of the epoch for evaluation.
   * @param workers threads that decode; 0 = in this one
   */
  batches(plan: BatchPlan, from: Position, workers: number, signal: AbortSignal): AsyncIterable<Batch>
  close(): Promise<void>
}

/** Opens data: where the cache is, how much it may hold, what counts as progress. */
export interface OpenOptions {
  readonly folder: string
  readonly cacheFolder: string
  /** Bytes of decoded pixels the cache may hold; beyond it the files are streamed. */
  readonly cacheLimitBytes: number
  /** How images become inputs; default: the task's own. A model that was trained otherwise (an imported one) brings another. */
  readonly preprocessing?: Preprocessing
  readonly report?: (event: { readonly done: number; readonly total: number }) => void
  readonly signal?: AbortSignal
  /** Held shared around each decode task (the quiet machine). */
  readonly whileWorking?: <T>(work: () => Promise<T>) => Promise<T>
}

/** Fractions 0–1, losses, and counts by name; nested ones by dotted name (`perClass.glass`). */
export type Metrics = Readonly<Record<string, number>>

export interface MetricsAccumulator {
  add(batch: Batch, outputs: Tensors): void
  result(): Metrics
  /** What only a picture can show: JSON that `Task.charts` reads and nobody else. Classification: how often each class was taken for each. */
  details?(): JsonObject
}

/** How a bundle's inputs are made from an image file: what deploy writes down and predict does. */
export interface Preprocessing {
  readonly resize: 'shortSide'
  /** Side of the centre crop divided by the short side of the image it is cut from, e.g. .875. */
  readonly cropFraction: number
  /** (pixel − mean) / std per channel, on 0–255 pixels. */
  readonly mean: readonly [number, number, number]
  readonly std: readonly [number, number, number]
  readonly exif: 'applied'
}

/** A kind of problem: classification, detection. */
export interface Task {
  readonly name: string
  /** Options stored in the architecture; for classification {classes, dropout}. */
  readonly options: Schema<JsonObject>
  /** The options for a data set: what the data decides (classes) over `base` (an architecture's own options) over the task's defaults. */
  optionsFor(dataset: Dataset, base?: JsonObject): JsonObject
  readonly primaryMetric: string
  /** Typed by core's Recipe schema; `augmentation` and `loss` belong to the task. */
  recipe(name: 'proxy' | 'quick' | 'paper'): JsonObject
  /** Classification: global average pool, dropout, dense → output `logits`. */
  head(backbone: Graph, options: JsonObject): Graph
  /** What an exported model adds behind the training outputs: classification's softmax (`logits` → `probabilities`). */
  deployedHead(model: Graph): Graph
  objective(model: Graph, options: JsonObject, loss: JsonObject): ObjectiveGraph
  open(options: OpenOptions): Promise<Dataset>
  /** Of models trained from scratch; a bundle carries its own. */
  readonly preprocessing: Preprocessing
  /**
   * One image file → model inputs with a batch of 1, by the evaluation transform.
   * @param preprocessing default: the task's own
   * @throws MNAS_DATA_IMAGE
   */
  readInput(file: string, inputSize: number, preprocessing?: Preprocessing): Promise<Tensors>
  /** Model outputs of one example → what a person wants to read, JSON. Classification: labels with probabilities, best first. */
  describeOutput(outputs: Tensors, labels: readonly string[]): JsonObject
  metrics(options: JsonObject, labels: readonly string[]): MetricsAccumulator
  /**
   * Pictures of an evaluation, by file name without its ending. Classification: `confusion`.
   * @param details of the evaluation's MetricsAccumulator, perhaps read from a file
   */
  charts?(
    details: JsonObject,
    about: { readonly title: string; readonly labels: readonly string[] },
  ): Readonly<Record<string, Chart>>
}
