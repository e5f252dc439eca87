import { CandidateHeap } from './candidate-heap.js'
import { overlapInFloat32 } from './float32-boxes.js'
import type { Kept } from './regular-rule.js'
import type { RawDetections, Suppression } from './suppression.js'

/**
 * One suppression over all anchors by their best class; each anchor that is kept gives its `classesPerDetection` best classes,
 * the lower one first of equal ones. So there are up to `maxDetections` anchors and that many rows of each.
 */
export function keepByAnchor(raw: RawDetections, boxes: Float32Array, suppression: Suppression): readonly Kept[] {
  const anchors = boxes.length / 4
  const best = Float32Array.from({ length: anchors }, (_, anchor) => bestClasses(raw, anchors, anchor, 1)[0]!.score)
  const least = Math.fround(suppression.scoreThreshold)
  const numbers = Uint32Array.from([...best.keys()].filter((anchor) => best[anchor]! >= least))
  const candidates = new CandidateHeap(
    numbers,
    Float32Array.from(numbers, (anchor) => best[anchor]!),
  )
  const border = Math.fround(suppression.overlapThreshold)
  const kept: number[] = []
  while (kept.length < suppression.maxDetections) {
    const next = candidates.take()
    if (!next) break
    const { candidate } = next
    if (!kept.some((other) => overlapInFloat32(boxes, candidate, other) > border)) kept.push(candidate)
  }
  return kept.flatMap((anchor) => bestClasses(raw, anchors, anchor, suppression.classesPerDetection))
}

function bestClasses({ scores, classes }: RawDetections, anchors: number, anchor: number, most: number): readonly Kept[] {
  const columns = scores.length / anchors
  const first = anchor * columns + columns - classes
  if (most > 1) {
    const all = Array.from({ length: classes }, (_, own) => ({ anchor, class: own, score: scores[first + own]! }))
    return all.sort((a, b) => b.score - a.score || a.class - b.class).slice(0, most)
  }
  let best = 0
  for (let own = 1; own < classes; own++) if (scores[first + own]! > scores[first + best]!) best = own
  return [{ anchor, class: best, score: scores[first + best]! }]
}
