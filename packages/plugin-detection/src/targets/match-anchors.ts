import { overlap } from '../boxes/overlap.js'

/** Of an anchor that no box takes. */
export const background = -1

/**
 * Which box each anchor is to find (TensorFlow's argmax matcher with forced matches):
 * - an anchor takes the box that it overlaps most when that is at least the threshold; of equal ones the first;
 * - then every box takes the anchor that overlaps it most, whatever that anchor has; of equal ones the first. Of two boxes that
 *   want one anchor the first gets it, and the other one may be left without.
 * A box that overlaps no anchor takes none; TensorFlow's takes the first anchor there is.
 * @param corners of the anchors, [anchors, 4] of (top, left, bottom, right)
 * @param boxes [boxes, 4], without crowds
 * @param threshold least overlap of a match that is not forced, above 0
 * @returns index of each anchor's box, or `background`
 */
export function matchAnchors(corners: Float64Array, boxes: Float64Array, threshold: number): Int32Array {
  const [anchors, count] = [corners.length / 4, boxes.length / 4]
  const matches = new Int32Array(anchors).fill(background)
  const most = new Float64Array(anchors)
  const forced = new Int32Array(count).fill(background)
  for (let box = 0; box < count; box++) {
    let best = 0
    for (let anchor = 0; anchor < anchors; anchor++) {
      const shared = overlap(corners, anchor, boxes, box)
      if (shared > best) {
        best = shared
        forced[box] = anchor
      }
      if (shared >= threshold && shared > most[anchor]!) {
        most[anchor] = shared
        matches[anchor] = box
      }
    }
  }
  for (let box = count - 1; box >= 0; box--) {
    const anchor = forced[box]!
    if (anchor !== background) matches[anchor] = box
  }
  return matches
}
