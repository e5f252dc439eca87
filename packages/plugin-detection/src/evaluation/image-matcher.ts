import type { DetectionColumns, TruthColumns } from './box-tables.js'
import { type ClassOutcomes, outcome } from './class-outcomes.js'
import { areaRanges, overlapThresholds } from './coco-rules.js'

/** Objects and detections of one class in one image. */
export interface ImageRows {
  /** Rows of truth. */
  readonly truth: Int32Array
  /** Rows of detections in descending order of score. */
  readonly detections: Int32Array
  /** Of each of them in its class. */
  readonly places: Int32Array
}

/** Matches detections with objects, image by image; holds the memory that one image needs. */
export class ImageMatcher {
  readonly #truth: TruthColumns
  readonly #found: DetectionColumns
  /** detection · objects + object */
  #overlaps = new Float64Array(1024)
  #taken = new Uint8Array(64)
  /** The image's objects by index, those to be found first. */
  #order = new Int32Array(64)

  constructor(truth: TruthColumns, found: DetectionColumns) {
    this.#truth = truth
    this.#found = found
  }

  /** Adds what becomes of an image's detections, and its objects, to those of the class. */
  match(rows: ImageRows, outcomes: ClassOutcomes): void {
    this.#makeRoom(rows)
    if (rows.truth.length > 0) this.#measure(rows)
    for (let area = 0; area < areaRanges.length; area++) {
      const { low, high } = areaRanges[area]!
      const states = outcomes.states[area]!
      const wanted = this.#orderObjects(rows.truth, low, high)
      outcomes.objects[area]! += wanted
      this.#ignoreOutside(rows, states, low, high)
      if (rows.truth.length === 0) continue
      for (let at = 0; at < states.length; at++) this.#matchAt(rows, states[at]!, overlapThresholds[at]!, wanted)
    }
  }

  #makeRoom({ truth, detections }: ImageRows): void {
    const cells = truth.length * detections.length
    if (this.#overlaps.length < cells) this.#overlaps = new Float64Array(2 * cells)
    if (this.#order.length >= truth.length) return
    this.#order = new Int32Array(2 * truth.length)
    this.#taken = new Uint8Array(2 * truth.length)
  }

  /** Intersection over union; over the detection's own area where the object is a crowd. */
  #measure({ truth, detections }: ImageRows): void {
    const [found, boxes] = [this.#found.box, this.#truth.box]
    let cell = 0
    for (const detection of detections) {
      const from = 4 * detection
      const [x, y, width, height] = [found[from]!, found[from + 1]!, found[from + 2]!, found[from + 3]!]
      for (const object of truth) {
        const at = 4 * object
        const across = Math.min(x + width, boxes[at]! + boxes[at + 2]!) - Math.max(x, boxes[at]!)
        const down = Math.min(y + height, boxes[at + 1]! + boxes[at + 3]!) - Math.max(y, boxes[at + 1]!)
        const shared = across > 0 && down > 0 ? across * down : 0
        const own = width * height
        const union = this.#truth.crowd[object] === 1 ? own : own + boxes[at + 2]! * boxes[at + 3]! - shared
        this.#overlaps[cell++] = shared > 0 ? shared / union : 0
      }
    }
  }

  /** @returns how many objects of this area are to be found: no crowds */
  #orderObjects(truth: Int32Array, low: number, high: number): number {
    const isWanted = (object: number) =>
      this.#truth.crowd[object] === 0 && this.#truth.area[object]! >= low && this.#truth.area[object]! <= high
    let place = 0
    for (let index = 0; index < truth.length; index++) if (isWanted(truth[index]!)) this.#order[place++] = index
    const wanted = place
    for (let index = 0; index < truth.length; index++) if (!isWanted(truth[index]!)) this.#order[place++] = index
    return wanted
  }

  /** A detection of another size is no mistake; a match below says otherwise. */
  #ignoreOutside({ detections, places }: ImageRows, states: readonly Uint8Array[], low: number, high: number): void {
    const boxes = this.#found.box
    for (let index = 0; index < detections.length; index++) {
      const at = 4 * detections[index]!
      const area = boxes[at + 2]! * boxes[at + 3]!
      if (area >= low && area <= high) continue
      for (let threshold = 0; threshold < states.length; threshold++) states[threshold]![places[index]!] = outcome.ignored
    }
  }

  /**
   * The best detection chooses first, the object that it overlaps most (of equal ones the later) among those that nobody has; a
   * crowd may be chosen again. Objects that are not to be found come into question only where none of the others does.
   */
  #matchAt({ truth, detections, places }: ImageRows, states: Uint8Array, threshold: number, wanted: number): void {
    const [objects, taken, order, overlaps] = [truth.length, this.#taken, this.#order, this.#overlaps]
    taken.fill(0, 0, objects)
    for (let detection = 0; detection < detections.length; detection++) {
      let best = threshold
      let hit = -1
      for (let place = 0; place < objects; place++) {
        if (place === wanted && hit >= 0) break
        const object = order[place]!
        if (taken[place] === 1 && this.#truth.crowd[truth[object]!] === 0) continue
        const overlap = overlaps[detection * objects + object]!
        if (overlap < best) continue
        best = overlap
        hit = place
      }
      if (hit < 0) continue
      taken[hit] = 1
      states[places[detection]!] = hit < wanted ? outcome.right : outcome.ignored
    }
  }
}
