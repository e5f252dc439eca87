import { keepByAnchor } from './fast-rule.js'
import { decodeInFloat32 } from './float32-boxes.js'
import { type Kept, keepByClass } from './regular-rule.js'
import type { Detections, RawDetections, Suppression } from './suppression.js'

/** What a detector finds in one image. */
export function detect(raw: RawDetections, suppression: Suppression): Detections {
  const boxes = decodeInFloat32(raw.codes, raw.anchors)
  const kept = keep(raw, boxes, suppression)
  const found = new Float32Array(4 * kept.length)
  for (const [row, { anchor }] of kept.entries()) found.set(boxes.subarray(4 * anchor, 4 * anchor + 4), 4 * row)
  return {
    boxes: found,
    classes: Int32Array.from(kept, (one) => one.class),
    scores: Float32Array.from(kept, ({ score }) => score),
  }
}

function keep(raw: RawDetections, boxes: Float32Array, suppression: Suppression): readonly Kept[] {
  switch (suppression.rule) {
    case 'regular':
      return keepByClass(raw, boxes, suppression)
    case 'fast':
      return keepByAnchor(raw, boxes, suppression)
    default:
      return suppression.rule satisfies never
  }
}
