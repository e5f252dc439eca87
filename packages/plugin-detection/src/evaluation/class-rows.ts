import type { DetectionColumns, TruthColumns } from './box-tables.js'
import { mostDetections } from './coco-rules.js'
import { rowNumbers, sortByKey, sortByScore, startsOf } from './sort-rows.js'

/** The rows of both tables in the orders in which an evaluation reads them. */
export interface ClassRows {
  /** Rows of truth by label, then by image. */
  readonly truth: Int32Array
  /** Where each label's begin in it, and behind the last where they end. */
  readonly truthStarts: Int32Array
  /** Rows of detections by label, then by score, of equal ones by image, then as they came. */
  readonly detections: Int32Array
  readonly detectionStarts: Int32Array
  /** Places in `detections` by label, then by image, then as there. */
  readonly byImage: Int32Array
  /** By place in `detections`: how many of its label and image are better; at most `mostDetections`. */
  readonly rank: Uint8Array
}

export function sortRows(truth: TruthColumns, found: DetectionColumns, counts: { images: number; labels: number }): ClassRows {
  const { images, labels } = counts
  const truthRows = sortByKey(sortByKey(rowNumbers(truth.image.length), truth.image, images), truth.label, labels)
  const byScore = sortByScore(sortByKey(rowNumbers(found.image.length), found.image, images), found.score)
  const detections = sortByKey(byScore, found.label, labels)
  const imageAt = detections.map((row) => found.image[row]!)
  const labelAt = detections.map((row) => found.label[row]!)
  const byImage = sortByKey(sortByKey(rowNumbers(detections.length), imageAt, images), labelAt, labels)
  return {
    truth: truthRows,
    truthStarts: startsOf(truthRows, truth.label, labels),
    detections,
    detectionStarts: startsOf(detections, found.label, labels),
    byImage,
    rank: ranksOf(byImage, labelAt, imageAt),
  }
}

function ranksOf(byImage: Int32Array, labelAt: Int32Array, imageAt: Int32Array): Uint8Array {
  const ranks = new Uint8Array(byImage.length)
  for (let at = 1; at < byImage.length; at++) {
    const [place, before] = [byImage[at]!, byImage[at - 1]!]
    const isNext = labelAt[place] === labelAt[before] && imageAt[place] === imageAt[before]
    if (isNext) ranks[place] = Math.min(ranks[before]! + 1, mostDetections)
  }
  return ranks
}
