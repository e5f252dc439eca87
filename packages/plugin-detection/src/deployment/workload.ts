import type { Workload } from '@mnas/core/contracts'
import { exampleRandom, uniform } from '@mnas/images/random'

/** Logits of what a trained detector says of anchors: nearly all are background. */
const [mean, deviation] = [-5, 1.5]
const seed = 0

/**
 * What the operator is timed on: with random weights every score is near ½ and thousands of boxes pass the threshold, with trained ones
 * few do. So codes of boxes are N(0, 1), and scores σ(N(−5, 1.5)), of which one in twelve passes .05.
 */
export const workload: Workload = {
  statement: 'boxes N(0, 1), scores σ(N(−5, 1.5))',
  draw(output, count) {
    const values = normals(count)
    return output === 'scores' ? values.map((value) => 1 / (1 + Math.exp(-(mean + deviation * value)))) : values
  },
}

/** Box and Muller's, two at a time. */
function normals(count: number): Float32Array {
  const random = exampleRandom(seed, 0, count)
  const values = new Float32Array(count)
  for (let at = 0; at < count; at += 2) {
    const length = Math.sqrt(-2 * Math.log(1 - uniform(random, 0, 1)))
    const angle = uniform(random, 0, 2 * Math.PI)
    values[at] = length * Math.cos(angle)
    if (at + 1 < count) values[at + 1] = length * Math.sin(angle)
  }
  return values
}
