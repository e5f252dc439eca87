/**
 * How raw answers of a detector become detections: the options of TensorFlow Lite's operator TFLite_Detection_PostProcess, whose
 * answers these rules give bit for bit (on one thread: with several the operator's ties depend on chance).
 */
export interface Suppression {
  /**
   * - `regular`: each class by itself
   * - `fast`: each anchor has its best classes alone, and all anchors suppress each other
   */
  readonly rule: 'regular' | 'fast'
  /** Least score of a detection, 0–1, itself included. */
  readonly scoreThreshold: number
  /** A detection that overlaps a better one by more is dropped, above 0 to 1. */
  readonly overlapThreshold: number
  readonly maxDetections: number
  /** `regular`: so many of one class at the most. */
  readonly maxPerClass: number
  /** `fast`: so many classes of one anchor, each a row of its own. */
  readonly classesPerDetection: number
}

/** What detectors are judged by (TensorFlow's configuration): everything that has a score at all. */
export const evaluationSuppression: Suppression = {
  rule: 'regular',
  scoreThreshold: 1e-8,
  overlapThreshold: 0.6,
  maxDetections: 100,
  maxPerClass: 100,
  classesPerDetection: 1,
}

/** What a detector says of one image, and the anchors that it was trained on. */
export interface RawDetections {
  /** [anchors, 4] */
  readonly codes: Float32Array
  /** Probabilities, [anchors, classes] or, with the background's in front, [anchors, classes + 1]. */
  readonly scores: Float32Array
  /** [anchors, 4] of (centre y, centre x, height, width). */
  readonly anchors: Float32Array
  readonly classes: number
}

/** The best first. */
export interface Detections {
  /** [rows, 4] of (top, left, bottom, right) as shares of the model's input; not clipped to it. */
  readonly boxes: Float32Array
  /** [rows], label indices. */
  readonly classes: Int32Array
  /** [rows] */
  readonly scores: Float32Array
}
