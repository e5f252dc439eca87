import { CandidateHeap } from './candidate-heap.js'
import { overlapInFloat32 } from './float32-boxes.js'
import type { RawDetections, Suppression } from './suppression.js'

/** An anchor that was kept, with one of its classes. */
export interface Kept {
  readonly anchor: number
  readonly class: number
  readonly score: number
}

/**
 * Suppression within each class. The operator works through every class, merges, and cuts at `maxDetections`; here candidates of
 * all classes come in the order of the merged list (score, class, anchor), each compared with what its class has kept, and
 * nothing is looked at behind the last detection: what comes later suppresses nothing that came before.
 */
export function keepByClass(raw: RawDetections, boxes: Float32Array, suppression: Suppression): readonly Kept[] {
  const anchors = boxes.length / 4
  const candidates = candidatesOf(raw, anchors, suppression.scoreThreshold)
  const keptOf = new Map<number, number[]>()
  const kept: Kept[] = []
  const most = Math.min(suppression.maxPerClass, suppression.maxDetections)
  const border = Math.fround(suppression.overlapThreshold)
  while (kept.length < suppression.maxDetections) {
    const next = candidates.take()
    if (!next) break
    const [own, anchor] = [Math.floor(next.candidate / anchors), next.candidate % anchors]
    const better = keptOf.get(own) ?? []
    if (better.length >= most || better.some((other) => overlapInFloat32(boxes, anchor, other) > border)) continue
    better.push(anchor)
    keptOf.set(own, better)
    kept.push({ anchor, class: own, score: next.score })
  }
  return kept
}

/** Numbered class · anchors + anchor. A score that is no number is none. */
function candidatesOf({ scores, classes }: RawDetections, anchors: number, threshold: number): CandidateHeap {
  const [columns, least] = [scores.length / anchors, Math.fround(threshold)]
  const background = columns - classes
  let count = 0
  for (let at = 0; at < scores.length; at++) if (scores[at]! >= least && at % columns >= background) count++
  const [numbers, values] = [new Uint32Array(count), new Float32Array(count)]
  let place = 0
  for (let anchor = 0; anchor < anchors; anchor++) {
    for (let own = 0; own < classes; own++) {
      const score = scores[anchor * columns + background + own]!
      if (!(score >= least)) continue
      numbers[place] = own * anchors + anchor
      values[place++] = score
    }
  }
  return new CandidateHeap(numbers, values)
}
