import type { MnasError } from '../errors/index.js'
import type { Chart } from './chart.js'
import type { Check } from './check.js'
import type { Batch, DataPlace, Dataset } from './dataset.js'
import type { PostProcessing } from './devices/post-processing.js'
import type { Graph, ObjectiveGraph } from './graph.js'
import type { Hash, JsonObject, Schema } from './json.js'
import type { Fit, Frame, ModelInput, Preprocessing } from './preprocessing.js'
import type { Surroundings } from './surroundings.js'
import type { Tensors } from './tensor.js'

/** Opens data: where the cache is, how much it may hold, what counts as progress. */
export interface OpenOptions extends DataPlace {
  readonly cacheFolder: string
  /** Bytes of decoded pixels the cache may hold; beyond it the files are streamed. */
  readonly cacheLimitBytes: number
  /** For evaluation there may be too few images to train on. Default: training. */
  readonly purpose?: 'training' | 'evaluation'
  /**
   * Is told why no training would take the data although it can be opened, such as too many unusable files; perhaps of one error
   * more than once, with larger numbers. Default: the error is thrown.
   */
  readonly refuse?: (error: MnasError) => void
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
  /**
   * What only a picture can show: JSON that `Task.charts` reads and nobody else. Classification: how often each class was taken
   * for each.
   */
  details?(): JsonObject
  /**
   * Every answer that was added, as one file of `Task.answersFormat`: pieces of its text, in order.
   * @param origin as `Dataset.origin` of the split gave it
   */
  answersFile?(origin: JsonObject): Iterable<string>
}

/** A metric that people are shown. */
export interface Headline {
  /** As in Metrics. */
  readonly name: string
  /** In words, e.g. `top-1`. */
  readonly label: string
  /** A fraction, shown as a percentage. */
  readonly percent: boolean
}

/** What is exported of a model. */
export interface DeployedModel {
  /** With all that a phone computes in ops of graphs: classification's softmax (`logits` → `probabilities`). */
  readonly graph: Graph
  /** What a file does with the outputs of the graph, where its format can. Absent: nothing, they are the answer. */
  readonly postProcessing?: PostProcessing
  /**
   * How its answers are made, for people and beside the file: `Task.deployment` as it holds, and what nobody can choose. Absent:
   * there is nothing to say.
   */
  readonly deployment?: JsonObject
  /** What that operator is timed on by itself. Absent: it is not. */
  readonly workload?: Workload
}

/** Values to time an operator behind a graph on, since its time depends on what the network says: drawn, and the same each time. */
export interface Workload {
  /** How they are drawn, for people: `scores σ(N(−5, 1.5))`. */
  readonly statement: string
  /** So many values, row by row, of an output of the graph that the operator reads. */
  draw(output: string, count: number): Float32Array
}

/** What a model and its file say of the same images, in three numbers that every task has. */
export interface Comparison {
  /** How far apart their answers are on the mean, 0 = the same: of several files the nearest is kept. Classification: KL divergence in nats. */
  readonly distance: number
  /** Share of the images to which both give the same answer, 0–1. null: answers are not the same or others, but nearer or farther. */
  readonly sameAnswers: number | null
  /** The first headline of both, where the truth is known. */
  readonly quality: { readonly engine: number; readonly file: number } | null
}

/** How well a model file says what the engine says, image by image. */
export interface AgreementAccumulator {
  /** What the distance of its comparison is called, for people, e.g. `mean KL`. */
  readonly distanceName: string
  /**
   * The answers of both to one image, by output name, a batch of 1: the engine's are those of the deployed graph.
   * @param example the image's row of its batch; without targets nobody knows the truth
   * @throws MNAS_DEPLOY_OUTPUT for what is no answer
   */
  add(engine: Tensors, file: Tensors, example: Pick<Batch, 'inputs' | 'truth'>): void
  result(): Metrics
  comparison(): Comparison
  /** The result in a few words. */
  summary(): string
}

/** What an answer is about. */
export interface OutputContext {
  readonly labels: readonly string[]
  readonly frame: Frame
  /** What `Task.targets` said of the graph that answers. */
  readonly targets: JsonObject
  /** As `Task.answerOptions` gave them back. Default: its defaults. */
  readonly options?: JsonObject
}

/** A picture as a file. */
export interface Picture {
  /** What its name ends in. */
  readonly type: 'png' | 'svg'
  readonly bytes: Uint8Array
}

/**
 * What a deployed model says of a photo, where programs of others know such models:
 *   classes  one output, the probability of each class by its index
 *   regions  behind an operator, regions with labels and scores: outputs of the contents `regions`, `labels`, `scores` and `count`,
 *            in this order; of a file without the operator no program of others knows the answers
 */
export type AnswerKind = 'classes' | 'regions'

/** What candidates are trained on instead of the task's own data. */
export interface ProxyData {
  readonly place: DataPlace
  /** What a person should know of how it was made: what it holds, what was left out. A sentence each. */
  readonly notes: readonly string[]
}

/**
 * A way to tell by a short training how good a network will be at a task, where training it for that task is dear or says little: a search
 * judges its candidates by it. What is found is a network for the task.
 */
export interface SearchProxy {
  /** What is trained, in a few words: `the detector itself`. */
  readonly summary: string
  /** Name of the task that the candidates' backbones are trained for. Absent: the task itself. */
  readonly task?: string
  /** Side of the input that is trained, for one that is deployed, both in pixels. Absent: the same. */
  inputSize?(deployed: number): number
  /**
   * Makes the data of that training from the task's own, in the cache folder, where it is not there yet: whole or not at all, and the same
   * files each time. Absent: it is the task's own.
   * @param fingerprint of the task's data
   */
  data?(options: OpenOptions, fingerprint: Hash): Promise<ProxyData>
  /** What is learned of the metrics of that training: a fraction 0–1, more is better. Absent: the first headline of the trained task. */
  readonly quality?: { readonly headline: Headline; of(metrics: Metrics): number }
}

/** A kind of problem: classification, detection. */
export interface Task {
  readonly name: string
  /** Options stored in the architecture; for classification {classes, dropout}. */
  readonly options: Schema<JsonObject>
  /**
   * The options for a data set: what the data decides (classes) over `base` (an architecture's own options) over the task's
   * defaults.
   */
  optionsFor(dataset: Dataset, base?: JsonObject): JsonObject
  /**
   * What lines, tables, answers and charts show of its metrics. The first is the primary metric: a fraction 0–1 of which more
   * is better, by which the best epoch is chosen and which is ACC in a search's reward.
   */
  readonly headlines: readonly [Headline, ...Headline[]]
  /**
   * How models are trained, by name; typed by core's Recipe schema, `augmentation` and `loss` belong to the task. `quick` is
   * the default of `mnas train`, `proxy` what a search trains its candidates with.
   */
  readonly recipes: Readonly<Record<'proxy' | 'quick', JsonObject>> & Readonly<Record<string, JsonObject>>
  /**
   * Ways for a search to judge candidates, by name, the usual one first. Absent: by the recipe `proxy` and the first headline.
   * `transfer` is a name that every search knows already.
   */
  readonly proxies?: Readonly<Record<string, SearchProxy>>
  /**
   * Backbone (output `features`; `taps` finds others) → training outputs. Classification: global average pool, dropout, dense →
   * `logits`.
   */
  head(backbone: Graph, options: JsonObject): Graph
  /**
   * What a user can say of how a deployed model makes its answers, with the defaults: strict, so that a mistyped word is refused.
   * Core asks it before `deployed`. Absent: there is nothing to say.
   */
  readonly deployment?: Schema<JsonObject>
  /**
   * The training graph with what an exported model adds.
   * @param deployment as `Task.deployment` gave it back; default: its defaults. The graph does not depend on it
   */
  deployed(model: Graph, options: JsonObject, deployment?: JsonObject): DeployedModel
  objective(model: Graph, options: JsonObject, loss: JsonObject): ObjectiveGraph
  /**
   * What targets and answers depend on in a graph (a detector: the sizes of its maps), as JSON: for the data workers, and for
   * whoever reads what the graph says. Absent: nothing.
   */
  targets?(model: Graph, options: JsonObject): JsonObject
  open(options: OpenOptions): Promise<Dataset>
  /**
   * Whether a folder or file is data of this task by its looks, so that nobody has to name the task. Nothing is opened. Absent: nothing
   * tells.
   * @throws what is wrong with data that is of this task beyond doubt
   */
  recognises?(path: string): Promise<boolean>
  /** Of models trained from scratch; a bundle carries its own. */
  readonly preprocessing: Preprocessing
  /** How else a training may fit images into the input, one of a kind, where it is asked to. Absent: in no other way. */
  readonly otherFits?: readonly Fit[]
  /**
   * How a model reads images that starts from the weights of another, perhaps of another task: what those weights expect (mean
   * and std), and the task's own fit where the other's would spoil it.
   */
  inherit(other: Preprocessing): Preprocessing
  /**
   * One image file → model inputs by the evaluation transform, decoded exactly.
   * @param preprocessing default: the task's own
   * @throws MNAS_DATA_IMAGE
   */
  readInput(file: string, inputSize: number, preprocessing?: Preprocessing): Promise<ModelInput>
  /**
   * The files below a folder that readInput is for, in the order of their paths, each beginning with the folder as it was named.
   * Absent: a folder is not taken for its files.
   */
  inputsIn?(folder: string): Promise<readonly string[]>
  /**
   * What a user can say of what is told of an answer, with the defaults: strict, so that a mistyped word is refused. Core asks it
   * before `describeOutput`. Absent: there is nothing to say.
   */
  readonly answerOptions?: Schema<JsonObject>
  /**
   * Outputs of the deployed graph for one example → what a person wants to know, JSON. Classification: labels with
   * probabilities, best first.
   */
  describeOutput(outputs: Tensors, about: OutputContext): JsonObject
  /** What describeOutput gave, in one line. @param most so many answers at the most */
  formatOutput(output: JsonObject, most: number): string
  /** The image, upright, with the answer drawn on it. Absent: there is nothing to draw. */
  draw?(file: string, output: JsonObject): Promise<Picture>
  /** Of its deployed models: by it an exporter names programs of others that run them. Absent: none knows such answers. */
  readonly answers?: AnswerKind
  /**
   * Files of all answers of an evaluation that programs of others read, e.g. `COCO results`: then its metrics have `answersFile`
   * and its data sets `origin`. Absent: there is no such format.
   */
  readonly answersFormat?: string
  /** How many examples were answered rightly, of metrics that count them; null: these do not say. Absent: no answer is right or wrong. */
  rightAnswers?(metrics: Metrics): number | null
  /** @param targets what `targets` said of the graph that is judged */
  metrics(options: JsonObject, labels: readonly string[], targets: JsonObject): MetricsAccumulator
  /**
   * @param targets what `targets` said of the graph that was deployed
   * @param on photos, or synthetic inputs: these check arithmetic, not what a model says of photos
   * @param postProcessing what the files do behind the graph, as `deployed` described it: they answer with its outputs, and the
   *   engine with those of the graph. Default: nothing, both answer with those of the graph
   */
  agreement(
    options: JsonObject,
    targets: JsonObject,
    on: 'photos' | 'synthetic',
    postProcessing?: PostProcessing,
  ): AgreementAccumulator
  /**
   * Pictures of an evaluation, by file name without its ending. Classification: `confusion`.
   * @param details of the evaluation's MetricsAccumulator, perhaps read from a file
   */
  charts?(
    details: JsonObject,
    about: { readonly title: string; readonly labels: readonly string[] },
  ): Readonly<Record<string, Chart>>
  /** What `mnas doctor` says of it: whether the libraries that read its data work here. */
  check?(around: Surroundings): Promise<readonly Check[]>
}
