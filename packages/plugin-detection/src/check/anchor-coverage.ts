import { overlap } from '../boxes/overlap.js'
import { background, matchAnchors } from '../targets/match-anchors.js'

export interface AnchorCoverage {
  readonly boxes: number
  /** Boxes that no anchor is to find: another box took the only one that they had, or they are under a pixel of the input. */
  readonly withoutAnchor: number
  /** Boxes that no anchor overlaps by half: they are learnt by their best one, badly. */
  readonly farFromAnchors: number
}

const near = 0.5

/** What is learnt of one picture. */
export interface PictureBoxes {
  /** [boxes, 4] of (top, left, bottom, right) as shares of the input. */
  readonly boxes: Float64Array
  /** Boxes besides that are under a pixel wide or high there. */
  readonly unseen: number
}

/**
 * How well anchors fit boxes: what they cannot find at an input size is not a matter of training.
 * @param corners of the anchors of that size, [anchors, 4] of (top, left, bottom, right)
 * @param pictures without crowds
 * @param threshold least overlap of a match that is not forced
 */
export function anchorCoverage(corners: Float64Array, pictures: Iterable<PictureBoxes>, threshold: number): AnchorCoverage {
  const counts = { boxes: 0, withoutAnchor: 0, farFromAnchors: 0 }
  for (const { boxes, unseen } of pictures) {
    const own = boxes.length / 4
    counts.boxes += unseen
    counts.withoutAnchor += unseen
    counts.farFromAnchors += unseen
    const taken = new Set(matchAnchors(corners, boxes, threshold))
    taken.delete(background)
    counts.boxes += own
    counts.withoutAnchor += own - taken.size
    for (let box = 0; box < own; box++) if (!hasNear(corners, boxes, box)) counts.farFromAnchors++
  }
  return counts
}

function hasNear(corners: Float64Array, boxes: Float64Array, box: number): boolean {
  for (let anchor = 0; anchor < corners.length / 4; anchor++) if (overlap(corners, anchor, boxes, box) >= near) return true
  return false
}
