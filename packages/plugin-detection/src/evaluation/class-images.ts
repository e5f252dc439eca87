import type { DetectionColumns, TruthColumns } from './box-tables.js'
import type { ClassRows } from './class-rows.js'
import { mostDetections } from './coco-rules.js'
import type { ImageRows } from './image-matcher.js'

/** The images of a class, in their order: all that have an object of it or a detection. */
export class ClassImages {
  readonly #rows: ClassRows
  readonly #imageOf: { readonly truth: Int32Array; readonly found: Int32Array }
  readonly #detections = new Int32Array(mostDetections)
  readonly #places = new Int32Array(mostDetections)

  constructor(rows: ClassRows, truth: TruthColumns, found: DetectionColumns) {
    this.#rows = rows
    this.#imageOf = { truth: truth.image, found: found.image }
  }

  /** @param use is handed views that the next image overwrites; at most 100 detections, the best ones */
  each(label: number, use: (rows: ImageRows) => void): void {
    const { truth, truthStarts, detectionStarts } = this.#rows
    const [first, end, truthEnd] = [detectionStarts[label]!, detectionStarts[label + 1]!, truthStarts[label + 1]!]
    let [at, truthAt] = [first, truthStarts[label]!]
    while (at < end || truthAt < truthEnd) {
      const image = Math.min(this.#imageOfDetection(at, end), this.#imageOfObject(truthAt, truthEnd))
      const truthFrom = truthAt
      while (this.#imageOfObject(truthAt, truthEnd) === image) truthAt++
      let count = 0
      for (; this.#imageOfDetection(at, end) === image; at++) {
        if (count === mostDetections) continue
        const place = this.#rows.byImage[at]!
        this.#detections[count] = this.#rows.detections[place]!
        this.#places[count++] = place - first
      }
      const [detections, places] = [this.#detections.subarray(0, count), this.#places.subarray(0, count)]
      use({ truth: truth.subarray(truthFrom, truthAt), detections, places })
    }
  }

  /** Behind the last one there is no image. */
  #imageOfDetection(at: number, end: number): number {
    if (at >= end) return Number.POSITIVE_INFINITY
    return this.#imageOf.found[this.#rows.detections[this.#rows.byImage[at]!]!]!
  }

  #imageOfObject(at: number, end: number): number {
    return at < end ? this.#imageOf.truth[this.#rows.truth[at]!]! : Number.POSITIVE_INFINITY
  }
}
