/** What was left out, and why. */
export interface Skipped {
  readonly reason: string
  readonly count: number
  /** A few of them, for people. */
  readonly examples: readonly string[]
}

const mostExamples = 3

/** Counts what cannot be used by its reason; there may be a million of them. */
export class SkipCounter {
  readonly #reasons = new Map<string, { count: number; readonly examples: string[] }>()

  /** @param example where one was found */
  add(reason: string, example: string, count = 1): void {
    const known = this.#reasons.get(reason) ?? { count: 0, examples: [] }
    this.#reasons.set(reason, known)
    known.count += count
    if (known.examples.length < mostExamples) known.examples.push(example)
  }

  /** Of all reasons together. */
  get count(): number {
    return [...this.#reasons.values()].reduce((sum, { count }) => sum + count, 0)
  }

  /** The most frequent first. */
  result(): readonly Skipped[] {
    const all = [...this.#reasons].map(([reason, { count, examples }]) => ({ reason, count, examples }))
    return all.sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1))
  }
}
