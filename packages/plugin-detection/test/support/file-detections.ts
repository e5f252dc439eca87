import type { Tensors } from '@mnas/core/contracts'
import { detectionOutputs } from '#internal/deployment/post-processing.js'
import type { Detections } from '#internal/detections/suppression.js'

/** What a file with the operator says of an image, without the rows that hold nothing. */
export function detectionsOf(answer: Tensors, classesPerDetection = 1): Detections {
  const rows = answer[detectionOutputs.count]!.data[0]! * classesPerDetection
  const floats = (name: string, columns: number) => Float32Array.from(answer[name]!.data.subarray(0, rows * columns))
  return {
    boxes: floats(detectionOutputs.boxes, 4),
    classes: Int32Array.from(floats(detectionOutputs.classes, 1)),
    scores: floats(detectionOutputs.scores, 1),
  }
}
