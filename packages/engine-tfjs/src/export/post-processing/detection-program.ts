// The program of TFLite_Detection_PostProcess: what is built of this file stands in `postprocess.js` beside a model, behind its data.
// So it imports nothing and uses nothing that a browser does not have.

/** What one model's detections are made by. */
export interface DetectionRules {
  /** [anchors, 4] of (centre y, centre x, height, width), as shares of the input. */
  readonly anchors: Float32Array
  /** Without the background. */
  readonly classes: number
  readonly regular: boolean
  readonly scoreThreshold: number
  readonly overlapThreshold: number
  readonly maxDetections: number
  readonly maxPerClass: number
  readonly classesPerDetection: number
  /** Of y, x, height and width in a code. */
  readonly scales: readonly [number, number, number, number]
}

/** Of one photo; `box` is (top, left, bottom, right) as shares of the input, not clipped. */
export interface RawDetection {
  readonly class: number
  readonly score: number
  readonly box: readonly [number, number, number, number]
}

const { exp, fround, max, min } = Math

/**
 * Detections by the rules of TensorFlow Lite's operator, its rounding included, the best first.
 * @param codes [anchors, 4]
 * @param scores probabilities, [anchors, classes] or, with the background's in front, [anchors, classes + 1]
 */
export function detectionsOf(codes: Float32Array, scores: Float32Array, rules: DetectionRules): RawDetection[] {
  const boxes = decode(codes, rules)
  const at = columnsOf(scores, rules)
  const kept = rules.regular ? keepByClass(scores, boxes, at, rules) : keepByAnchor(scores, boxes, at, rules)
  return kept.map(({ anchor, class: own }) => {
    const [top, left, bottom, right] = [0, 1, 2, 3].map((side) => boxes[4 * anchor + side]!) as [number, number, number, number]
    return { class: own, score: scores[at(anchor, own)]!, box: [top, left, bottom, right] }
  })
}

interface Kept {
  readonly anchor: number
  readonly class: number
}
type Place = (anchor: number, own: number) => number

function columnsOf({ length }: Float32Array, { anchors, classes }: DetectionRules): Place {
  const columns = length / (anchors.length / 4)
  return (anchor, own) => anchor * columns + columns - classes + own
}

function decode(
  codes: Float32Array,
  { anchors, scales: [yScale, xScale, heightScale, widthScale] }: DetectionRules,
): Float32Array {
  const boxes = new Float32Array(codes.length)
  for (let at = 0; at < codes.length; at += 4) {
    const [height, width] = [anchors[at + 2]!, anchors[at + 3]!]
    const y = fround((codes[at]! / yScale) * height + anchors[at]!)
    const x = fround((codes[at + 1]! / xScale) * width + anchors[at + 1]!)
    const half = fround(0.5 * exp(codes[at + 2]! / heightScale) * height)
    const halfWidth = fround(0.5 * exp(codes[at + 3]! / widthScale) * width)
    boxes.set([y - half, x - halfWidth, y + half, x + halfWidth], at)
  }
  return boxes
}

/** Suppression within each class, and the best of all classes. */
function keepByClass(scores: Float32Array, boxes: Float32Array, at: Place, rules: DetectionRules): Kept[] {
  const { classes, maxDetections, maxPerClass, scoreThreshold, overlapThreshold } = rules
  const anchors = boxes.length / 4
  const candidates: (Kept & { readonly score: number })[] = []
  for (let own = 0; own < classes; own++) {
    for (let anchor = 0; anchor < anchors; anchor++) {
      const score = scores[at(anchor, own)]!
      if (score >= fround(scoreThreshold)) candidates.push({ anchor, class: own, score })
    }
  }
  // Sorting is stable: of equal scores the lower class comes first, then the lower anchor.
  candidates.sort((a, b) => b.score - a.score)
  const keptOf: number[][] = Array.from({ length: classes }, () => [])
  const kept: Kept[] = []
  for (const { anchor, class: own } of candidates) {
    if (kept.length >= maxDetections) break
    const better = keptOf[own]!
    if (better.length >= min(maxPerClass, maxDetections) || overlaps(boxes, anchor, better, overlapThreshold)) continue
    better.push(anchor)
    kept.push({ anchor, class: own })
  }
  return kept
}

/** One suppression over all anchors by their best class. */
function keepByAnchor(scores: Float32Array, boxes: Float32Array, at: Place, rules: DetectionRules): Kept[] {
  const { classes, maxDetections, classesPerDetection, scoreThreshold, overlapThreshold } = rules
  const every = Array.from({ length: classes }, (_, own) => own)
  // Stable, too: of equal scores the lower class comes first.
  const best = (anchor: number) => [...every].sort((a, b) => scores[at(anchor, b)]! - scores[at(anchor, a)]!)
  const top = (anchor: number) => every.reduce((most, own) => max(most, scores[at(anchor, own)]!), 0)
  const candidates: { readonly anchor: number; readonly score: number }[] = []
  for (let anchor = 0; anchor < boxes.length / 4; anchor++) {
    const score = top(anchor)
    if (score >= fround(scoreThreshold)) candidates.push({ anchor, score })
  }
  candidates.sort((a, b) => b.score - a.score)
  const kept: number[] = []
  for (const { anchor } of candidates) {
    if (kept.length >= maxDetections) break
    if (!overlaps(boxes, anchor, kept, overlapThreshold)) kept.push(anchor)
  }
  return kept.flatMap((anchor) =>
    best(anchor)
      .slice(0, classesPerDetection)
      .map((own) => ({ anchor, class: own })),
  )
}

const overlaps = (boxes: Float32Array, anchor: number, others: readonly number[], threshold: number) =>
  others.some((other) => overlap(boxes, anchor, other) > fround(threshold))

/** Intersection over union, every step rounded; 0 where one of the boxes has no area. */
function overlap(boxes: Float32Array, one: number, other: number): number {
  const [i, j] = [4 * one, 4 * other]
  const [area, otherArea] = [areaOf(boxes, i), areaOf(boxes, j)]
  if (area <= 0 || otherArea <= 0) return 0
  const height = max(fround(min(boxes[i + 2]!, boxes[j + 2]!) - max(boxes[i]!, boxes[j]!)), 0)
  const width = max(fround(min(boxes[i + 3]!, boxes[j + 3]!) - max(boxes[i + 1]!, boxes[j + 1]!)), 0)
  const shared = fround(height * width)
  return fround(shared / fround(fround(area + otherArea) - shared))
}

const areaOf = (boxes: Float32Array, at: number) =>
  fround(fround(boxes[at + 2]! - boxes[at]!) * fround(boxes[at + 3]! - boxes[at + 1]!))

/** How photos are fitted into the input. */
export interface InputFit {
  /** Side of the input in pixels. */
  readonly size: number
  readonly letterbox: boolean
}

/** In pixels of the photo, within it. */
export interface PixelBox {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A box of the input in the photo, clipped to it; null where nothing of it is in the photo. */
export function inPhoto(
  [top, left, bottom, right]: RawDetection['box'],
  { size, letterbox }: InputFit,
  photo: { readonly width: number; readonly height: number },
): PixelBox | null {
  const longest = max(photo.width, photo.height)
  const place = (share: number, side: number) => {
    const inside = letterbox ? max(1, Math.round(side * (size / longest))) : size
    const pixel = ((share * size - ((size - inside) >> 1)) * side) / inside
    return min(side, max(0, pixel))
  }
  const [x, y] = [place(left, photo.width), place(top, photo.height)]
  const [width, height] = [place(right, photo.width) - x, place(bottom, photo.height) - y]
  return width > 0 && height > 0 ? { x, y, width, height } : null
}
