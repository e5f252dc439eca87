import type { JsonObject } from '../json.js'
import type { DType, Tensor } from '../tensor.js'

/** What a file does behind its graph, as data: one operator that graphs do not have and the file's runtimes know by its name. */
export interface PostProcessing {
  /** As runtimes call it, e.g. `TFLite_Detection_PostProcess`. */
  readonly operator: string
  /** Names of the graph's outputs that it reads, in its order, each a batch of 1. They are no outputs of the file. */
  readonly reads: readonly string[]
  /** What it reads behind them: tensors that are the same for every input. */
  readonly constants: readonly NamedTensor[]
  /** As the operator calls them. */
  readonly options: JsonObject
  /** In the order in which it gives them, which is theirs in the file. */
  readonly outputs: readonly PostProcessedOutput[]
}

export interface NamedTensor {
  readonly name: string
  /** Its shape is the whole one: no batch is added. */
  readonly tensor: Tensor
}

export interface PostProcessedOutput {
  /** Of the file. */
  readonly name: string
  /** With the batch in front, where there is one. */
  readonly shape: readonly number[]
  readonly dtype: DType
  readonly content: OutputContent
}

/** Side of a region. */
export type Edge = 'left' | 'top' | 'right' | 'bottom'

/**
 * What the numbers of an output are about, for formats that can say it:
 *   regions  of the input, a row for each: where its sides lie, as shares of the input's width and height
 *   labels   the label of each region, by index
 *   scores   how sure each is, 0–1
 *   count    so many rows of the others hold something
 */
export type OutputContent =
  | { readonly kind: 'regions'; readonly order: readonly [Edge, Edge, Edge, Edge] }
  | {
      readonly kind: 'labels'
      /** How many there are to choose from. */
      readonly labels: number
    }
  | { readonly kind: 'scores' }
  | { readonly kind: 'count' }
