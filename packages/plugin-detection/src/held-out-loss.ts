import type { Batch, Tensors } from '@mnas/core/contracts'
import { multiboxDefaults } from './objective/loss-options.js'

const { negatives, leastNegatives } = multiboxDefaults

/**
 * The loss `multibox`, as it is by default, of examples that are evaluated: sigmoid cross-entropy of the anchors with a box and of
 * the hardest others of each photo, and smooth L1 of the boxes, both by the number of anchors with a box among all examples. Of the
 * trained graph's outputs, whatever loss it was trained with, so that trainings can be compared.
 */
export class HeldOutLoss {
  #sum = 0
  #positives = 0
  #seen = false

  /** Batches without targets do not count. Rows that are padding are left out. */
  add({ examples, inputs }: Pick<Batch, 'examples' | 'inputs'>, outputs: Tensors): void {
    const [targetClass, targetBox] = [inputs['targetClass']?.data, inputs['targetBox']?.data]
    if (!targetClass || !targetBox) return
    const { data: scores, shape } = outputs['scores']!
    const { data: boxes } = outputs['boxes']!
    const [, anchors, columns] = shape as readonly [number, number, number]
    this.#seen = true
    for (const [row, example] of examples.entries()) {
      if (example < 0) continue
      const others: number[] = []
      let positives = 0
      for (let anchor = row * anchors; anchor < (row + 1) * anchors; anchor++) {
        const own = targetClass[anchor]!
        const entropy = entropyOf(scores, anchor * columns, columns, own)
        if (own === 0) others.push(entropy)
        else {
          positives++
          this.#sum += entropy + boxLoss(boxes, targetBox, 4 * anchor)
        }
      }
      const hardest = Float64Array.from(others)
        .sort()
        .subarray(Math.max(0, others.length - hardestOf(positives)))
      this.#sum += hardest.reduce((sum, entropy) => sum + entropy, 0)
      this.#positives += positives
    }
  }

  /** undefined: there was nothing to judge by. */
  result(): number | undefined {
    return this.#seen ? this.#sum / Math.max(1, this.#positives) : undefined
  }
}

const hardestOf = (positives: number) => Math.max(leastNegatives, negatives * positives)

/** Σ softplus(x) − x of the column that is 1. */
function entropyOf(scores: ArrayLike<number>, start: number, columns: number, own: number): number {
  let sum = -scores[start + own]!
  for (let column = start; column < start + columns; column++) {
    const logit = scores[column]!
    sum += Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit)))
  }
  return sum
}

function boxLoss(boxes: ArrayLike<number>, targets: ArrayLike<number>, start: number): number {
  let sum = 0
  for (let at = start; at < start + 4; at++) {
    const distance = Math.abs(boxes[at]! - targets[at]!)
    sum += distance < 1 ? 0.5 * distance * distance : distance - 0.5
  }
  return sum
}
