import type { Truth } from '../batches/truth.js'
import type { PhotoDetection } from '../detections/photo-detections.js'
import type { BoxEvaluation } from './box-evaluation.js'
import { DetectionTable, TruthTable } from './box-tables.js'
import type { FoundInPhoto } from './coco-results.js'
import { evaluateBoxes } from './evaluate-boxes.js'

/** Collects what is true of photos and what was found in them. */
export class FoundBoxes {
  readonly #photos: { readonly truth: Truth; readonly found: readonly PhotoDetection[] }[] = []

  get photos(): number {
    return this.#photos.length
  }

  add(truth: Truth, found: readonly PhotoDetection[]): void {
    this.#photos.push({ truth, found })
  }

  /** What was found, photo by photo in the order of their ids. */
  inOrder(): readonly FoundInPhoto[] {
    return this.#inOrder().map(({ truth: { id }, found }) => ({ id, found }))
  }

  /** COCO's evaluation of all photos in the order of their ids. @param labels how many there are */
  evaluate(labels: number): BoxEvaluation {
    const photos = this.#inOrder()
    const [truthTable, detections] = [new TruthTable(), new DetectionTable()]
    for (const [image, { truth, found }] of photos.entries()) {
      for (const { label, box, area, crowd } of truth.boxes) truthTable.add(image, label, box, { area, crowd })
      for (const { label, box, score } of found) detections.add(image, label, box, score)
    }
    return evaluateBoxes(truthTable, detections, { images: photos.length, labels })
  }

  #inOrder() {
    return [...this.#photos].sort((a, b) => a.truth.id - b.truth.id)
  }
}
