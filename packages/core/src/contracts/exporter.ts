import type { Graph, Op } from './graph.js'
import type { Hash, JsonObject } from './json.js'
import type { Tensors } from './tensor.js'

export interface ExportRequest {
  /** Inference meaning; batch norm not yet folded. */
  readonly graph: Graph
  readonly weights: Tensors
  /** The file (or folder) to write; appears whole or not at all. */
  readonly path: string
  readonly options: JsonObject
  /** Names of the graph's outputs to export; default: all. */
  readonly outputs?: readonly string[]
  /** Calibration: the float values of these nodes on real images, under these weights. */
  readonly observe?: (weights: Tensors, nodes: readonly string[]) => AsyncIterable<Tensors>
}

/**
 * structure = hash(graphHash, format, exporter + version, options): what a latency belongs to.
 * path may be a folder; sha256 is of its content.
 */
export interface ModelFile {
  readonly format: string
  readonly path: string
  readonly sizeBytes: number
  readonly sha256: Hash
  readonly structure: Hash
  readonly graphHash: Hash
}

/** graph + weights → a file or folder of one format. */
export interface Exporter {
  readonly format: string
  readonly version: string
  /** Ops it can write. */
  readonly ops: readonly Op[]
  /** @throws MNAS_EXPORT_OP for an op it cannot write, MNAS_FILE_WRITE */
  write(request: ExportRequest): Promise<ModelFile>
}
