import type { TensorBytes } from './tensor-bytes.js'

/** A model that a library has loaded in this process. */
export interface LoadedModel {
  /** Copies the inputs in: all of them, as many bytes as the file's types take. */
  feed(inputs: TensorBytes): void
  /** Runs once on what was fed last: what is timed. */
  invoke(): Promise<void> | void
  /** Copies of the outputs of the last run. */
  outputs(): TensorBytes
  /** Frees what it took: another model follows. */
  close(): void
}

/** Why a library refused a model; serve-model.ts makes MNAS_RUNTIME_MODEL of it, with the names it knows. */
export class ModelRefused extends Error {}
