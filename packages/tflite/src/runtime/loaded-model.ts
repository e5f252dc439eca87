import type { TensorSpec, Tensors } from '@mnas/core/contracts'

/** A model that a library has loaded in this process. Shapes include the batch. */
export interface LoadedModel {
  readonly inputs: Readonly<Record<string, Pick<TensorSpec, 'shape' | 'dtype'>>>
  /** Copies the inputs in, all of them, as `inputs` declares them. */
  feed(inputs: Tensors): void
  /** Runs once on what was fed last: what is timed. */
  invoke(): Promise<void> | void
  /** Copies of the outputs of the last run. */
  outputs(): Tensors
}

/** Why a library refused a model; serve-model.ts makes MNAS_RUNTIME_MODEL of it, with the names it knows. */
export class ModelRefused extends Error {}
