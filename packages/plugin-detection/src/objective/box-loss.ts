import type { AnchorTargets } from './anchor-targets.js'
import type { ObjectiveWriter } from './objective-writer.js'

/**
 * Smooth L1 (Girshick 2015, eq. 3) between `boxes` and `targetBox`, both [anchors, 4]: ½d² where |d| < 1, else |d| − ½; summed
 * over the four numbers of the anchors with a box.
 * @returns [], the sum over the batch
 */
export function writeBoxLoss(writer: ObjectiveWriter, { positive }: AnchorTargets, anchors: number): string {
  const [boxes, targets] = [writer.input('boxes', anchors, 4), writer.input('targetBox', anchors, 4)]
  const half = writer.constant('half', 0.5)
  const distance = writer.of('subtract', 'distance', boxes, targets)
  const size = writer.node('abs', 'size', [distance], {})
  const near = writer.of('less', 'near', size, writer.constant('border', 1))
  const square = writer.of('multiply', 'square', half, writer.of('multiply', 'distance2', distance, distance))
  const smooth = writer.of('select', 'smooth', near, square, writer.of('subtract', 'far', size, half))
  const each = writer.of('multiply', 'boxOfPositive', writer.sum('boxOfAnchor', smooth, 1), positive)
  return writer.total('boxTotal', each)
}
