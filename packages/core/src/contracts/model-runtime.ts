import type { MnasErrorRecord } from '../errors/index.js'
import type { ModelFile } from './exporter.js'
import type { Hash, JsonObject } from './json.js'
import type { Tensors } from './tensor.js'

export interface RuntimeInfo {
  readonly name: string
  readonly version: string
  /** Of the library or wasm that runs the model. */
  readonly sha256: Hash
}

export interface BenchmarkOptions {
  readonly threads: number
  /** Fresh processes; the latency is the median of their medians. */
  readonly processes: number
  /** Timed runs in each process, after the warm-up. */
  readonly runs: number
  /** Largest (max − min) / median of the process medians that counts as stable. */
  readonly maxSpread: number
  readonly flags: JsonObject
  readonly signal?: AbortSignal
}

/** Runs and times one file format on this computer, in a child process with limits (time, memory); used by devices, deploy and evaluate. */
export interface ModelRuntime {
  readonly name: string
  readonly format: string
  /** What would run, or why nothing can (with the fix). Never throws. */
  available(): Promise<RuntimeInfo | MnasErrorRecord>
  /** Outputs by signature name for each element of inputs (batch 1). @throws MNAS_RUNTIME_CRASHED, MNAS_RUNTIME_MODEL, MNAS_RUNTIME_TIMEOUT */
  run(file: Pick<ModelFile, 'path' | 'format'>, inputs: AsyncIterable<Tensors>): AsyncIterable<Tensors>
  /** Milliseconds of each timed run in one fresh process. */
  timeMs(
    file: Pick<ModelFile, 'path' | 'format'>,
    options: Pick<BenchmarkOptions, 'threads' | 'runs' | 'flags' | 'signal'>,
  ): Promise<readonly number[]>
  /** What getting the runtime's native parts would do, in words, and doing it. Options: {library?: path, cacheFolder?: path}. */
  readonly setup?: {
    plan(options: JsonObject): Promise<readonly string[]>
    run(options: JsonObject): Promise<RuntimeInfo>
  }
}
