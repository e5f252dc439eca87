import { overlap } from '../boxes/overlap.js'
import type { Detections } from './suppression.js'

/** How two lists of detections of one image differ. */
export interface DetectionsCompared {
  /** Of the things that both have: boxes that overlap by half. null: there is none. */
  readonly errors: DetectionErrors | null
  /** As many of the same things in the same order; whose scores are closer than 1e-6 may change places. */
  readonly same: boolean
  /** 0: the same; 1: nothing in common. One minus twice the shared scores, each by the overlap, over all scores. */
  readonly distance: number
}

export interface DetectionErrors {
  /** Largest difference of a side of a box, as a share of the input. */
  readonly box: number
  readonly score: number
}

/** Scores and sides that are closer are equal. */
const closest = 1e-6
/** Boxes that overlap less are of two things: a weak box has no other of its own, and is next to some strong one. */
const sameThing = 0.5

/** Each of the expected detections, the best first, with the one of its label that overlaps it most among those that are left. */
export function compareDetections(expected: Detections, received: Detections): DetectionsCompared {
  const [boxes, others] = [Float64Array.from(expected.boxes), Float64Array.from(received.boxes)]
  const taken = new Set<number>()
  let [box, score, shared, both] = [0, 0, 0, 0]
  for (const [row, label] of expected.classes.entries()) {
    const { other, most } = nearest(boxes, row, others, (index) => received.classes[index] === label && !taken.has(index))
    if (other < 0) continue
    taken.add(other)
    const [own, their] = [expected.scores[row]!, received.scores[other]!]
    shared += Math.min(own, their) * most
    if (most < sameThing) continue
    both++
    for (let side = 0; side < 4; side++) box = Math.max(box, Math.abs(boxes[4 * row + side]! - others[4 * other + side]!))
    score = Math.max(score, Math.abs(own - their))
  }
  const total = sum(expected.scores) + sum(received.scores)
  return {
    errors: both > 0 ? { box, score } : null,
    same: isSame(expected, received, (row, other) => shareOf(boxes, row, others, other) >= sameThing),
    distance: total > 0 ? Math.max(0, 1 - (2 * shared) / total) : 0,
  }
}

function nearest(boxes: Float64Array, row: number, others: Float64Array, isFree: (index: number) => boolean) {
  let [other, most] = [-1, 0]
  for (let index = 0; index < others.length / 4; index++) {
    if (!isFree(index)) continue
    const shared = shareOf(boxes, row, others, index)
    if (shared > most) [other, most] = [index, shared]
  }
  return { other, most }
}

/** What two boxes share, 0–1. Boxes without an area overlap nothing, and may be equal all the same. */
function shareOf(boxes: Float64Array, row: number, others: Float64Array, index: number): number {
  const isEqual = [0, 1, 2, 3].every((side) => Math.abs(boxes[4 * row + side]! - others[4 * index + side]!) < closest)
  return isEqual ? 1 : overlap(boxes, row, others, index)
}

function isSame(
  { classes, scores }: Detections,
  received: Detections,
  isSameThing: (row: number, other: number) => boolean,
): boolean {
  if (classes.length !== received.classes.length) return false
  const left = new Set(received.classes.keys())
  for (const [row, label] of classes.entries()) {
    const match = [...left].find(
      (other) =>
        received.classes[other] === label &&
        isSameThing(row, other) &&
        (other === row ||
          Math.abs(scores[other]! - scores[row]!) < closest ||
          Math.abs(received.scores[other]! - received.scores[row]!) < closest),
    )
    if (match === undefined) return false
    left.delete(match)
  }
  return true
}

const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0)
