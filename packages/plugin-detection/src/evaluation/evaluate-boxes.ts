import type { BoxEvaluation } from './box-evaluation.js'
import type { DetectionTable, TruthTable } from './box-tables.js'
import { ClassImages } from './class-images.js'
import { ClassOutcomes } from './class-outcomes.js'
import { PrecisionReader } from './class-precision.js'
import { sortRows } from './class-rows.js'
import { areaRanges, overlapThresholds } from './coco-rules.js'
import { EvaluationSums } from './evaluation-sums.js'
import { ImageMatcher } from './image-matcher.js'

/** Images and labels that there are; the rows of both tables name them by index. */
export interface EvaluatedCounts {
  readonly images: number
  readonly labels: number
}

/**
 * COCO's evaluation of boxes: what pycocotools 2.0 gives, up to the rounding of sums, except that an object with the id 0 counts
 * like every other one, where pycocotools takes it for no object.
 */
export function evaluateBoxes(truthTable: TruthTable, detectionTable: DetectionTable, counts: EvaluatedCounts): BoxEvaluation {
  const [truth, found] = [truthTable.columns(), detectionTable.columns()]
  const rows = sortRows(truth, found, counts)
  const largest = largestRange(rows.detectionStarts)
  const [matcher, outcomes, reader] = [new ImageMatcher(truth, found), new ClassOutcomes(largest), new PrecisionReader(largest)]
  const images = new ClassImages(rows, truth, found)
  const sums = new EvaluationSums()
  for (let label = 0; label < counts.labels; label++) {
    const [from, to] = [rows.detectionStarts[label]!, rows.detectionStarts[label + 1]!]
    outcomes.reset(to - from)
    images.each(label, (image) => matcher.match(image, outcomes))
    sums.beginLabel(outcomes.objects)
    addLabel(sums, reader, outcomes, rows.rank.subarray(from, to))
  }
  return sums.result()
}

function addLabel(sums: EvaluationSums, reader: PrecisionReader, outcomes: ClassOutcomes, ranks: Uint8Array): void {
  for (const area of areaRanges.keys()) {
    for (const threshold of overlapThresholds.keys()) {
      const read = reader.read(outcomes, ranks, area, threshold)
      if (read) sums.add(area, threshold, outcomes.objects[area]!, read)
    }
  }
}

function largestRange(starts: Int32Array): number {
  let largest = 0
  for (let at = 1; at < starts.length; at++) largest = Math.max(largest, starts[at]! - starts[at - 1]!)
  return largest
}
