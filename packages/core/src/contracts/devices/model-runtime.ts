import type { MnasErrorRecord } from '../../errors/index.js'
import type { Hash, JsonObject } from '../json.js'
import type { Surroundings } from '../surroundings.js'
import type { Tensors } from '../tensor.js'
import type { ModelFile } from './exporter.js'

export interface RuntimeInfo {
  readonly name: string
  readonly version: string
  /** Of the library or wasm that runs the model. */
  readonly sha256: Hash
}

/** A runtime's library for computers of one kind. */
export interface RuntimeLibrary extends RuntimeInfo {
  readonly path: string
  readonly sizeBytes: number
}

export interface BenchmarkOptions {
  readonly threads: number
  /** Fresh processes; the latency is the median of theirs. */
  readonly processes: number
  /** Timed runs in each process, after the warm-up, at the least. */
  readonly runs: number
  /** Largest spread of the processes that counts as stable. */
  readonly maxSpread: number
  /** Of the driver's `flags`. */
  readonly flags: JsonObject
  /**
   * What the model is timed on, as its file stores it: run i is given element i modulo their number, and the giving is not timed.
   * For a model whose time depends on what it sees. A device that cannot hand them over draws inputs as ever:
   * `LatencyMeasurement.given` says which it was. Absent: drawn ones.
   */
  readonly inputs?: readonly Tensors[]
}

/**
 * Runs and times one file format on this computer, in a child process with limits (time, memory); used by devices, deploy and
 * evaluate.
 */
export interface ModelRuntime {
  readonly name: string
  readonly format: string
  /** What would run, or why nothing can (with the fix). Never throws. */
  available(around: Surroundings): Promise<RuntimeInfo | MnasErrorRecord>
  /** What a file takes and gives, whoever wrote it. An open batch is taken as 1. Needs no native part. @throws as `run` */
  describe(file: RunnableFile, around: Surroundings): Promise<Pick<ModelFile, 'inputs' | 'outputs'>>
  /** The same, and what the file computes with. Absent: the runtime cannot tell. @throws as `run` */
  structure?(file: RunnableFile, around: Surroundings): Promise<FileStructure>
  /**
   * Outputs by signature name for each element of inputs (batch 1), as the file stores them: the answer to one before the next is
   * asked for.
   * @throws MNAS_RUNTIME_CRASHED, MNAS_RUNTIME_MODEL, MNAS_RUNTIME_TIMEOUT, the signal's reason
   */
  run(file: RunnableFile, inputs: AsyncIterable<Tensors>, around: Surroundings): AsyncIterable<Tensors>
  /** For many files: keeps from one to the next what takes time to start. Absent: `run` starts nothing. */
  start?(around: Surroundings): StartedRuntime
  /**
   * Milliseconds of each timed run in one fresh process, on the inputs of the options, else on some that it draws by their types.
   * @throws as `run`
   */
  timeMs(
    file: RunnableFile,
    options: Pick<BenchmarkOptions, 'threads' | 'runs' | 'flags' | 'inputs'>,
    around: Surroundings,
  ): Promise<readonly number[]>
  /** What getting the runtime's native parts would do, in words, and doing it. Options: {library?: path}. */
  readonly setup?: {
    plan(options: JsonObject, around: Surroundings): Promise<readonly string[]>
    run(options: JsonObject, around: Surroundings): Promise<RuntimeInfo>
  }
  /** The runtime's library for other computers, such as boards, to be sent to them. */
  readonly libraries?: {
    /** For which there is one, each as `process.platform` and `process.arch` say it there: `linux-arm64`. */
    readonly platforms: readonly string[]
    /** The one that was fetched; null: none yet. */
    find(platform: string, around: Surroundings): Promise<RuntimeLibrary | null>
    /** Gets it into the cache folder, checked. @param platform one of `platforms`. @throws as the set-up */
    fetch(platform: string, around: Surroundings): Promise<RuntimeLibrary>
  }
}

/** What a file computes, as far as it can be told without running it. */
export interface FileStructure extends Pick<ModelFile, 'inputs' | 'outputs'> {
  /** Each once. */
  readonly operators: readonly FileOperator[]
}

export interface FileOperator {
  /** As the format calls it; of a custom one what its author calls it. */
  readonly name: string
  /** No operator of the format: code that a runtime has to bring along. */
  readonly custom: boolean
  /** How often it stands in the file. */
  readonly count: number
}

/** A runtime from its first file to its last. */
export interface StartedRuntime {
  /**
   * As `ModelRuntime.run`, also for several files at once. A file that crashes or takes too long ends its own run and no other,
   * and the next one finds the runtime as it was.
   * @throws as `ModelRuntime.run`
   */
  run(file: RunnableFile, inputs: AsyncIterable<Tensors>): AsyncIterable<Tensors>
  /** Ends what was started; nothing runs any more. */
  close(): Promise<void>
}

export type RunnableFile = Pick<ModelFile, 'path' | 'format'>
