import { areaRanges, overlapThresholds } from './coco-rules.js'

/** What becomes of a detection. Ignored ones (of crowds, of objects of another size) count neither for nor against. */
export const outcome = { wrong: 0, right: 1, ignored: 2 } as const

/** What becomes of the detections of one class, at every area and threshold. The memory is made once, for the largest class. */
export class ClassOutcomes {
  readonly #memory: Uint8Array
  /** Objects of the class that are to be found, by area. */
  readonly objects = new Int32Array(areaRanges.length)
  /** By area, then by threshold: outcomes of the class's detections by their places in descending order of score. */
  states: readonly (readonly Uint8Array[])[] = []

  /** @param most detections of a class */
  constructor(most: number) {
    this.#memory = new Uint8Array(areaRanges.length * overlapThresholds.length * most)
  }

  /** Begins with a class of so many detections: all wrong. */
  reset(length: number): void {
    this.#memory.fill(outcome.wrong, 0, areaRanges.length * overlapThresholds.length * length)
    this.objects.fill(0)
    const view = (area: number, threshold: number) => {
      const start = (area * overlapThresholds.length + threshold) * length
      return this.#memory.subarray(start, start + length)
    }
    this.states = areaRanges.map((_, area) => Array.from(overlapThresholds, (_, threshold) => view(area, threshold)))
  }
}
