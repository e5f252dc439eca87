import type { JsonObject, Tensor, Tensors } from '@mnas/core/contracts'
import { optionsSchema } from '../options.js'
import { anchorsOf, inputSizeOf } from '../targets/targets-of.js'
import { detect } from './detect.js'
import type { Detections, Suppression } from './suppression.js'

/** Reads what a detector's graph says: `boxes` [N, anchors, 4] and `scores` [N, anchors, classes + 1]. */
export class DetectorAnswers {
  /** Side of the input in pixels. */
  readonly inputSize: number
  readonly #anchors: Float32Array
  readonly #classes: number

  /** @param targets as targetsOf gave it */
  constructor(options: JsonObject, targets: JsonObject) {
    this.inputSize = inputSizeOf(targets)
    this.#anchors = Float32Array.from(anchorsOf(targets).anchors)
    this.#classes = optionsSchema.parse(options).classes
  }

  /** Of a row of the deployed graph, whose scores are probabilities. */
  detections(outputs: Tensors, row: number, suppression: Suppression): Detections {
    return this.#detections(outputs, row, (scores) => Float32Array.from(scores), suppression)
  }

  /** Of a row of the trained graph, whose scores are logits. */
  ofLogits(outputs: Tensors, row: number, suppression: Suppression): Detections {
    return this.#detections(outputs, row, (logits) => Float32Array.from(logits, sigmoid), suppression)
  }

  #detections(
    outputs: Tensors,
    row: number,
    probabilities: (scores: Tensor['data']) => Float32Array,
    suppression: Suppression,
  ): Detections {
    const codes = Float32Array.from(rowOf(outputs['boxes']!, row))
    const scores = probabilities(rowOf(outputs['scores']!, row))
    return detect({ codes, scores, anchors: this.#anchors, classes: this.#classes }, suppression)
  }
}

const sigmoid = (logit: number) => 1 / (1 + Math.exp(-logit))

function rowOf({ data, shape }: Tensor, row: number): Tensor['data'] {
  const length = data.length / shape[0]!
  return data.subarray(row * length, (row + 1) * length)
}
