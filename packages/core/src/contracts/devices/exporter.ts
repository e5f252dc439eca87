import type { Graph, Op } from '../graph.js'
import type { Hash, JsonObject, Schema } from '../json.js'
import type { Preprocessing } from '../preprocessing.js'
import type { AnswerKind } from '../task.js'
import type { DType, Tensors } from '../tensor.js'
import type { ClientExample } from './client-example.js'
import type { PostProcessing } from './post-processing.js'

/**
 * How a file keeps its numbers:
 *   float32  as they were trained
 *   float16  weights in half the bits; computes in float32
 *   weights  weights as 8-bit integers; computes in float32
 *   dynamic  weights as 8-bit integers; each layer brings its input to 8 bits while it runs
 *   int8     weights and values as 8-bit integers
 */
export type Precision = 'float32' | 'float16' | 'weights' | 'dynamic' | 'int8'

/** Types of a file's inputs and outputs: those a Tensor can have, and what files of others bring. */
export type FileDType = DType | 'int16' | 'int64' | 'bool' | 'float16' | 'float64'

/** An input or output of a model file, as whoever runs the file has to hand it over. */
export interface FileTensor {
  readonly name: string
  /** With the batch in front; −1 = any. */
  readonly shape: readonly number[]
  readonly dtype: FileDType
  /** What quantised numbers stand for: real = scale · (stored − zeroPoint). null: themselves. */
  readonly affine: {
    /** One, or one for each position along `axis`. */
    readonly scale: readonly number[]
    readonly zeroPoint: readonly number[]
    /** null: one scale for the whole tensor. */
    readonly axis: number | null
  } | null
}

export interface ExportRequest {
  /** Of the model, for people. */
  readonly name: string
  /** Inference meaning; batch norm not yet folded. */
  readonly graph: Graph
  readonly weights: Tensors
  /** The file (or folder) to write; appears whole or not at all. */
  readonly path: string
  /** One of `Exporter.precisions`. */
  readonly precision: Precision
  /**
   * By class index; null where nobody has named the classes. With `preprocessing` what an app needs beside the file: formats
   * that can carry it do, because the file travels alone.
   */
  readonly labels: readonly string[] | null
  readonly preprocessing: Preprocessing
  /** As `Exporter.options` gave them back. */
  readonly options: JsonObject
  /** Names of the graph's outputs to export; default: all. */
  readonly outputs?: readonly string[]
  /** For precisions that look at real images: what the model computes on some. Absent: there are none. */
  readonly calibration?: Calibration
  /**
   * Behind the graph, of an operator among `Exporter.postProcessing`, or beside it, of one among `Exporter.programs`. It takes
   * and gives real numbers in every precision; recipe and layers are found without it. Absent: the graph's outputs are the
   * file's.
   */
  readonly postProcessing?: PostProcessing
  /**
   * Whether the outputs are real numbers, whatever the options say of their types: of a file that is compared with one that has
   * an operator behind the same graph. Default: false.
   */
  readonly realOutputs?: boolean
}

/** What a model computes on images that stand for those it will see. */
export interface Calibration {
  /** How many. */
  readonly images: number
  /** The images are drawn, not photos: ranges are found, but nothing is learned of how well a file does. */
  readonly synthetic: boolean
  /**
   * The float values of graph inputs and nodes, under the weights of the request, some images at a time. Each call goes over
   * all images, in the same order.
   */
  observe(ids: readonly string[]): AsyncIterable<Tensors>
  /**
   * How far the answers of a file, on the same images, are from the model's: the task's `distance`, 0 = the same. null: nothing
   * here runs the format.
   */
  distance(file: AskedFile): Promise<number | null>
  /**
   * For pieces of what the exporter itself computes of the values: none runs while this computer times something. Absent: it
   * times nothing meanwhile.
   */
  readonly whileWorking?: <T>(work: () => Promise<T>) => Promise<T>
}

/** path may be a folder; sha256 is of its content. */
export interface ModelFile {
  readonly format: string
  /** null: a file that no exporter of ours wrote. */
  readonly precision: Precision | null
  readonly path: string
  readonly sizeBytes: number
  readonly sha256: Hash
  /**
   * What a latency belongs to: all of the file that moves it, so neither weights nor labels. Core's `structureHash` makes it. An
   * operator behind the graph belongs to it, and its time may yet depend on the values that it gets.
   */
  readonly structure: Hash
  readonly graphHash: Hash
  /**
   * How its numbers came to its precision, for people who ask: ranges, corrections, images. Absent: there was nothing to
   * choose.
   */
  readonly recipe?: JsonObject
  /** In the order of the file's graph, whatever its signature's; empty for a file that nothing here can read. */
  readonly inputs: readonly FileTensor[]
  readonly outputs: readonly FileTensor[]
  /**
   * How a photo becomes the file's input. mean and std may be others than the model's: what such a file takes it brings to the
   * model's own by itself. null: a file that no exporter of ours wrote.
   */
  readonly preprocessing: Preprocessing | null
}

/** A file that was written, as whoever runs it knows it. */
export interface DescribedFile extends Pick<ModelFile, 'format' | 'precision' | 'inputs' | 'outputs' | 'preprocessing'> {
  /** Its name, without a folder. */
  readonly name: string
  /** By class index; null where nobody has named the classes. */
  readonly labels: readonly string[] | null
  /** As its task says; null: nothing that programs of others know. */
  readonly answers: AnswerKind | null
}

/** What is needed to run a file and to understand it. */
export type AskedFile = Pick<ModelFile, 'format' | 'path' | 'inputs' | 'outputs' | 'preprocessing'>

/** What one layer alone does to the answers of a file. */
export interface LayerDistance {
  /** The graph's node. */
  readonly node: string
  /** As `Calibration.distance`. */
  readonly distance: number
}

/** graph + weights → a file or folder of one format. */
export interface Exporter {
  readonly format: string
  /** Changes whenever the same graph gives another structure: a latency measured before is then measured again. */
  readonly version: string
  /** Ops it can write. */
  readonly ops: readonly Op[]
  /** What it can write, the usual one first. */
  readonly precisions: readonly [Precision, ...Precision[]]
  /** Operators that it can write behind a graph, by name. Absent: none. */
  readonly postProcessing?: readonly string[]
  /**
   * Operators of which it writes a program beside the graph: the file answers with the graph's outputs, and an app calls the
   * program with them. Absent: none.
   */
  readonly programs?: readonly string[]
  /** Its own options with their defaults: strict, so that a mistyped one is refused. Core asks it before `write`. */
  readonly options: Schema<JsonObject>
  /**
   * @throws MNAS_EXPORT_OP for an op it cannot write, MNAS_EXPORT_WEIGHTS, MNAS_EXPORT_OUTPUT, MNAS_EXPORT_CALIBRATION for a
   *   precision that needs images when there are none, MNAS_FILE_WRITE
   */
  write(request: ExportRequest): Promise<ModelFile>
  /**
   * Which layers make a file answer otherwise than its model: how far the answers are when that layer alone is in the
   * precision, the farthest first.
   * @param request as it was written, with a calibration whose images it is measured on
   * @param recipe of the written file
   * @param report is told how many layers of how many are done
   */
  layerDistances?(
    request: ExportRequest,
    recipe: JsonObject,
    report: (done: number, total: number) => void,
  ): Promise<readonly LayerDistance[]>
  /** Programs of others that run its files, for the README beside them. */
  clients?(file: DescribedFile): readonly ClientExample[]
}
