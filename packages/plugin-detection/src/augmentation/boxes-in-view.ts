import type { TargetBoxes } from '../targets/write-targets.js'
import type { BoxView, Part } from './box-view.js'

/** Rounding must not decide whether a whole box is whole. */
const rounding = 1e-9

/** How much of a box's area lies in a part of the image, 0–1. */
export function shareInside({ left, top, width, height }: Part, boxes: Float64Array, box: number): number {
  const [y0, x0, y1, x1] = boxes.subarray(4 * box, 4 * box + 4)
  const down = Math.min(y1!, top + height) - Math.max(y0!, top)
  const across = Math.min(x1!, left + width) - Math.max(x0!, left)
  if (down <= 0 || across <= 0) return 0
  const inside = (down * across) / ((y1! - y0!) * (x1! - x0!))
  return inside > 1 - rounding ? 1 : inside
}

/**
 * The boxes of an image as its view shows them: moved, mirrored, clipped to it. Those that lie in it less than it asks for are
 * dropped, and those that are not a pixel wide and high.
 * @param inputSize side of the model's input in pixels
 */
export function boxesInView({ boxes, labels }: TargetBoxes, view: BoxView, inputSize: number): TargetBoxes {
  const [kept, keptLabels] = [[] as number[], [] as number[]]
  for (let box = 0; box < boxes.length / 4; box++) {
    const inside = shareInside(view, boxes, box)
    if (inside === 0 || inside < view.covers) continue
    const [top, left, bottom, right] = shownAt(view, boxes.subarray(4 * box, 4 * box + 4))
    if ((bottom - top) * inputSize < 1 || (right - left) * inputSize < 1) continue
    kept.push(top, left, bottom, right)
    keptLabels.push(labels[box]!)
  }
  return { boxes: Float64Array.from(kept), labels: Int32Array.from(keptLabels) }
}

function shownAt(view: BoxView, box: Float64Array): readonly [top: number, left: number, bottom: number, right: number] {
  const within = (value: number) => Math.min(1, Math.max(0, value))
  const [top, bottom] = [within((box[0]! - view.top) / view.height), within((box[2]! - view.top) / view.height)]
  const [left, right] = [within((box[1]! - view.left) / view.width), within((box[3]! - view.left) / view.width)]
  return view.mirrored ? [top, 1 - right, bottom, 1 - left] : [top, left, bottom, right]
}
