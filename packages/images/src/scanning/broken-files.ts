import type { OpenOptions, SkippedFile } from '@mnas/core/contracts'
import { imagesErrors } from '../errors.js'

/** Share of the files found that may be unusable. */
export const maxBrokenFraction = 0.05

/** The files that cannot be used, each once, and the limit on how many there may be. */
export class BrokenFiles {
  readonly #folder: string
  readonly #found: number
  readonly #refuse: OpenOptions['refuse']
  readonly #reasons = new Map<string, string>()

  /**
   * @param found number of files that were looked at
   * @param refuse is told of too many of them; default: the error is thrown
   */
  constructor(folder: string, found: number, refuse?: OpenOptions['refuse']) {
    this.#folder = folder
    this.#found = found
    this.#refuse = refuse
  }

  get files(): readonly SkippedFile[] {
    return [...this.#reasons].map(([file, reason]) => ({ file, reason }))
  }

  /** @throws MNAS_DATA_BROKEN beyond 5 %, where nobody else is told */
  add(files: readonly SkippedFile[]): void {
    for (const { file, reason } of files) this.#reasons.set(file, reason)
    if (this.#reasons.size <= maxBrokenFraction * this.#found) return
    const examples = this.files.slice(0, 3).map(({ file, reason }) => `${file} (${reason})`)
    const error = imagesErrors.MNAS_DATA_BROKEN({
      folder: this.#folder,
      broken: this.#reasons.size,
      files: this.#found,
      examples,
    })
    if (!this.#refuse) throw error
    this.#refuse(error)
  }
}
