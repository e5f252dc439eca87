import type { PostProcessing } from '@mnas/core/contracts'
import type { Suppression } from '../detections/suppression.js'

/** Of the box code (../boxes/box-coder.ts): of centres and of sides. */
const [centreScale, sideScale] = [10, 5]

/** Names of a detector's outputs in a file, in the order of Android's task library and of MediaPipe. */
export const detectionOutputs = { boxes: 'location', classes: 'category', scores: 'score', count: 'count' } as const

/** What a file's operator is given beside the answers of the network. */
export interface DetectorAnchors {
  /** [anchors, 4] of (centre y, centre x, height, width). */
  readonly anchors: ArrayLike<number>
  /** Without the background. */
  readonly classes: number
}

/**
 * TensorFlow Lite's operator behind the outputs `boxes` [anchors, 4] and `scores` [anchors, classes + 1]: detections by the rules of `detect`,
 * the best first. Rows behind `count` are zeros (`regular`) or anything (`fast`).
 */
export function postProcessing({ anchors, classes }: DetectorAnchors, suppression: Suppression): PostProcessing {
  const { rule, scoreThreshold, overlapThreshold, maxDetections, maxPerClass, classesPerDetection } = suppression
  const rows = maxDetections * classesPerDetection
  const output = { dtype: 'float32' } as const
  return {
    operator: 'TFLite_Detection_PostProcess',
    reads: ['boxes', 'scores'],
    constants: [
      { name: 'anchors', tensor: { dtype: 'float32', shape: [anchors.length / 4, 4], data: Float32Array.from(anchors) } },
    ],
    options: {
      max_detections: maxDetections,
      max_classes_per_detection: classesPerDetection,
      detections_per_class: maxPerClass,
      use_regular_nms: rule === 'regular',
      nms_score_threshold: scoreThreshold,
      nms_iou_threshold: overlapThreshold,
      num_classes: classes,
      y_scale: centreScale,
      x_scale: centreScale,
      h_scale: sideScale,
      w_scale: sideScale,
    },
    outputs: [
      {
        ...{ ...output, name: detectionOutputs.boxes, shape: [1, rows, 4] },
        content: { kind: 'regions', order: ['top', 'left', 'bottom', 'right'] },
      },
      { ...output, name: detectionOutputs.classes, shape: [1, rows], content: { kind: 'labels', labels: classes } },
      { ...output, name: detectionOutputs.scores, shape: [1, rows], content: { kind: 'scores' } },
      { ...output, name: detectionOutputs.count, shape: [1], content: { kind: 'count' } },
    ],
  }
}

/** The rules of an operator that postProcessing described. */
export function suppressionOf({ options }: Pick<PostProcessing, 'options'>): Suppression {
  const number = (name: string) => options[name] as number
  return {
    rule: options['use_regular_nms'] === true ? 'regular' : 'fast',
    scoreThreshold: number('nms_score_threshold'),
    overlapThreshold: number('nms_iou_threshold'),
    maxDetections: number('max_detections'),
    maxPerClass: number('detections_per_class'),
    classesPerDetection: number('max_classes_per_detection'),
  }
}
