import type { RawDetections, Suppression } from '#internal/detections/suppression.js'
import { golden } from './golden.js'

type Rows = readonly (readonly number[])[]

interface GoldenCase {
  readonly name: string
  readonly options: Readonly<Record<string, number>> & { readonly use_regular_nms: boolean }
  readonly anchors: Rows
  readonly codes: Rows
  readonly scores: Rows
  readonly count: number
  readonly boxes: Rows
  readonly classes: readonly number[]
  readonly detectionScores: readonly number[]
}

/** Answers of the operator itself, ai-edge-litert 2.3.0 on one thread; prototypes/detection/golden_pp.py. */
const file = golden<{ readonly cases: readonly GoldenCase[] }>('golden-postprocess.json')
export const goldenCases = file?.cases ?? null

export function suppressionOf({ options }: GoldenCase): Suppression {
  return {
    rule: options.use_regular_nms ? 'regular' : 'fast',
    scoreThreshold: options['nms_score_threshold']!,
    overlapThreshold: options['nms_iou_threshold']!,
    maxDetections: options['max_detections']!,
    maxPerClass: options['detections_per_class']!,
    classesPerDetection: options['max_classes_per_detection']!,
  }
}

export function rawOf({ codes, scores, anchors, options }: GoldenCase): RawDetections {
  const flat = (rows: Rows) => Float32Array.from(rows.flat())
  return { codes: flat(codes), scores: flat(scores), anchors: flat(anchors), classes: options['num_classes']! }
}
