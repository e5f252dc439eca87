import { encodeBox } from '../boxes/box-coder.js'
import { background, matchAnchors } from './match-anchors.js'

/** The anchors of the trained graph, both ways of writing them down, [anchors, 4]. */
export interface TargetAnchors {
  /** (centre y, centre x, height, width). */
  readonly anchors: Float64Array
  /** (top, left, bottom, right). */
  readonly corners: Float64Array
}

/** What is to be found in an image. */
export interface TargetBoxes {
  /** [boxes, 4] of (top, left, bottom, right) as shares of the model's input; each with height and width, without crowds. */
  readonly boxes: Float64Array
  /** Label index of each box. */
  readonly labels: Int32Array
}

/** The rows of one example in the tensors of a batch. */
export interface TargetRows {
  /** [anchors]: 0 = background, else label index + 1. */
  readonly targetClass: Float32Array
  /** [anchors, 4]: the code of the anchor's box, 0 where there is none. */
  readonly targetBox: Float32Array
}

/**
 * Writes the targets of one example over what was there.
 * A class in place of a row of ones and zeros: with six anchors a cell a batch of 32 weighs 2 MB, not 33.
 * @param threshold as matchAnchors takes it
 * @returns the boxes that no anchor was left for
 */
export function writeTargets(
  { anchors, corners }: TargetAnchors,
  { boxes, labels }: TargetBoxes,
  threshold: number,
  { targetClass, targetBox }: TargetRows,
): number {
  const matches = matchAnchors(corners, boxes, threshold)
  const found = new Set<number>()
  targetClass.fill(0)
  targetBox.fill(0)
  for (const [anchor, box] of matches.entries()) {
    if (box === background) continue
    found.add(box)
    targetClass[anchor] = labels[box]! + 1
    encodeBox(boxes, box, anchors, anchor, targetBox)
  }
  return boxes.length / 4 - found.size
}
