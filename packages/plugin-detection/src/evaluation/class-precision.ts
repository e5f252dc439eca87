import { type ClassOutcomes, outcome } from './class-outcomes.js'
import { mostDetections, recallLevels } from './coco-rules.js'

/** How well one class is found at one area and threshold. */
export interface ClassPrecision {
  /** Mean of the precisions at the 101 recalls. */
  readonly average: number
  /** Precision at each of the 101 recalls, 0 where it is not reached. Overwritten by the next call. */
  readonly precision: Float64Array
  /** Objects found by the best 1, 10 and 100 detections of an image, as a share of all. */
  readonly recalls: readonly [one: number, ten: number, all: number]
}

/** Walks through the detections of a class in descending order of score; holds the memory of the largest class. */
export class PrecisionReader {
  readonly #precision: Float64Array
  readonly #right: Int32Array
  readonly #levels = new Float64Array(recallLevels.length)

  constructor(most: number) {
    this.#precision = new Float64Array(most)
    this.#right = new Int32Array(most)
  }

  /**
   * @param ranks of the class's detections in their images
   * @returns null where there is nothing to be found
   */
  read(outcomes: ClassOutcomes, ranks: Uint8Array, area: number, threshold: number): ClassPrecision | null {
    const objects = outcomes.objects[area]!
    if (objects === 0) return null
    const states = outcomes.states[area]![threshold]!
    let [right, wrong, ofOne, ofTen, count] = [0, 0, 0, 0, 0]
    for (let place = 0; place < states.length; place++) {
      const rank = ranks[place]!
      if (rank >= mostDetections) continue
      const state = states[place]!
      if (state === outcome.right) {
        right++
        if (rank < 1) ofOne++
        if (rank < 10) ofTen++
      } else if (state === outcome.wrong) wrong++
      this.#right[count] = right
      this.#precision[count++] = right / (wrong + right + Number.EPSILON)
    }
    const average = this.#readLevels(count, objects)
    return { average, precision: this.#levels, recalls: [ofOne / objects, ofTen / objects, right / objects] }
  }

  /** At a recall counts the best precision that is reached there or behind it. */
  #readLevels(count: number, objects: number): number {
    const [precision, right] = [this.#precision, this.#right]
    for (let at = count - 1; at > 0; at--) if (precision[at]! > precision[at - 1]!) precision[at - 1] = precision[at]!
    let at = 0
    let sum = 0
    for (let level = 0; level < recallLevels.length; level++) {
      while (at < count && right[at]! / objects < recallLevels[level]!) at++
      this.#levels[level] = at < count ? precision[at]! : 0
      sum += this.#levels[level]!
    }
    return sum / recallLevels.length
  }
}
