import { DetectionTable, type PixelBox, TruthTable } from '#internal/evaluation/box-tables.js'
import { evaluateBoxes } from '#internal/evaluation/evaluate-boxes.js'

interface Named {
  readonly id: number
}
export interface CocoTruth {
  readonly images: readonly Named[]
  readonly categories: readonly Named[]
  readonly annotations: readonly {
    readonly image_id: number
    readonly category_id: number
    readonly bbox: PixelBox
    readonly area: number
    readonly iscrowd: number
  }[]
}
export type CocoResults = readonly {
  readonly image_id: number
  readonly category_id: number
  readonly bbox: PixelBox
  readonly score: number
}[]

const placesOf = (named: readonly Named[]) =>
  new Map([...new Set(named.map(({ id }) => id))].sort((a, b) => a - b).map((id, place) => [id, place]))

/** Evaluates COCO's own files. */
export function evaluateCoco(truth: CocoTruth, results: CocoResults) {
  const [images, labels] = [placesOf(truth.images), placesOf(truth.categories)]
  const [objects, found] = [new TruthTable(), new DetectionTable()]
  for (const { image_id, category_id, bbox, area, iscrowd } of truth.annotations) {
    objects.add(images.get(image_id)!, labels.get(category_id)!, bbox, { area, crowd: iscrowd === 1 })
  }
  for (const { image_id, category_id, bbox, score } of results) {
    found.add(images.get(image_id)!, labels.get(category_id)!, bbox, score)
  }
  return evaluateBoxes(objects, found, { images: images.size, labels: labels.size })
}
