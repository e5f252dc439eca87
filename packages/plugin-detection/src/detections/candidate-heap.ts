/**
 * Candidates in descending order of their scores, of equal ones the lower number first; only as much order is made as is asked
 * for (a binary heap: n steps to begin with, log n for each that is taken).
 */
export class CandidateHeap {
  readonly #candidates: Uint32Array
  readonly #scores: Float32Array
  #length: number

  /**
   * @param candidates their numbers, reordered in place
   * @param scores of each of them, in the same order; reordered in place too
   */
  constructor(candidates: Uint32Array, scores: Float32Array) {
    this.#candidates = candidates
    this.#scores = scores
    this.#length = candidates.length
    for (let place = (this.#length >> 1) - 1; place >= 0; place--) this.#sink(place, candidates[place]!, scores[place]!)
  }

  /** Takes the next one out. Null: there is none left. */
  take(): { readonly candidate: number; readonly score: number } | null {
    if (this.#length === 0) return null
    const first = { candidate: this.#candidates[0]!, score: this.#scores[0]! }
    const last = --this.#length
    this.#sink(0, this.#candidates[last]!, this.#scores[last]!)
    return first
  }

  /** Puts a candidate where it belongs, at that place or below it. */
  #sink(start: number, candidate: number, score: number): void {
    const [candidates, scores] = [this.#candidates, this.#scores]
    let place = start
    for (;;) {
      let child = 2 * place + 1
      if (child >= this.#length) break
      const sibling = child + 1
      if (sibling < this.#length && isBefore(scores[sibling]!, candidates[sibling]!, scores[child]!, candidates[child]!))
        child = sibling
      if (!isBefore(scores[child]!, candidates[child]!, score, candidate)) break
      candidates[place] = candidates[child]!
      scores[place] = scores[child]!
      place = child
    }
    candidates[place] = candidate
    scores[place] = score
  }
}

const isBefore = (score: number, candidate: number, otherScore: number, other: number) =>
  score > otherScore || (score === otherScore && candidate < other)
