/** What TFLITE_METADATA says, as plain data. */
export interface ModelDescription {
  readonly name: string
  readonly description: string
  readonly version: string
  /** null: the user has named none. */
  readonly license: string | null
  /** In the order of the file's inputs. */
  readonly inputs: readonly DescribedInput[]
  /** In the order of the file's outputs. */
  readonly outputs: readonly DescribedOutput[]
  readonly groups: readonly OutputGroup[]
  /** Appended to the file and said by no output: names of such files. */
  readonly files: readonly string[]
}

export interface DescribedInput {
  readonly name: string
  /** null: there is nothing to say. */
  readonly description: string | null
  /** Of an input of pixels: one mean and one deviation for all channels. null: it takes no pixels. */
  readonly pixels: { readonly mean: number; readonly std: number } | null
}

export interface DescribedOutput {
  readonly name: string
  /** null: there is nothing to say. */
  readonly description: string | null
  /** The appended file with names, a line each: for each of its numbers (axis), or for what its numbers say (values). */
  readonly labelFile: { readonly name: string; readonly of: 'axis' | 'values' } | null
  /** null: there is nothing to say. */
  readonly content: DescribedContent | null
}

export type DescribedContent =
  | { readonly kind: 'feature' }
  /** Sides of boxes. */
  | {
      readonly kind: 'boundaries'
      /** Where left, top, right and bottom stand in each row. */
      readonly index: readonly number[]
    }

/** Outputs that have a row for the same thing each. */
export interface OutputGroup {
  readonly name: string
  /** As their descriptions name them. */
  readonly outputs: readonly string[]
}
