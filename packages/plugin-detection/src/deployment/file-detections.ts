import type { Tensors } from '@mnas/core/contracts'
import type { Detections } from '../detections/suppression.js'
import { detectionOutputs } from './post-processing.js'

/** What a file's operator found; rows behind its count mean nothing. */
export function fileDetections(outputs: Tensors): Detections {
  const count = Math.round(outputs[detectionOutputs.count]!.data[0]!)
  const numbers = (name: string, columns: number) => outputs[name]!.data.slice(0, columns * count)
  return {
    boxes: Float32Array.from(numbers(detectionOutputs.boxes, 4)),
    classes: Int32Array.from(numbers(detectionOutputs.classes, 1)),
    scores: Float32Array.from(numbers(detectionOutputs.scores, 1)),
  }
}
