/** What a summary of a claim says of the file that it is of. */
export interface OfFile {
  /** Its path; null: of none of the entry; undefined: nobody wrote it down. */
  readonly file?: string | null | undefined
  /** null: of the weights, or nobody says. */
  readonly precision: string | null
}

/**
 * Whether two claims are of one file: by its path, where both say it. A zoo that was made before summaries said it knows the
 * precision alone, of which there may be two files.
 */
export function isOfSameFile(one: OfFile, other: OfFile): boolean {
  const known = one.file !== undefined && other.file !== undefined
  return known ? one.file === other.file : one.precision === other.precision
}

/**
 * Of claims of accuracy those that stand beside a latency: of the file that was timed, else of the weights, which
 * `isOfSameFile` tells. Never of another export, which may answer otherwise: then there are none.
 */
export function accuraciesOfTimed<A extends OfFile>(accuracies: readonly A[], timed: OfFile): readonly A[] {
  const own = accuracies.filter((one) => isOfSameFile(one, timed))
  return own.length > 0 ? own : accuracies.filter(isOfNoExport)
}

/** Of the weights, or of the architecture. */
const isOfNoExport = ({ file, precision }: OfFile): boolean =>
  precision === null && (file === undefined || file === null || file.endsWith('.safetensors'))
