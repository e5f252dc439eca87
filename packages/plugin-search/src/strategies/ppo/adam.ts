/** Weights and what Adam keeps of their gradients. */
export interface Learned {
  readonly weights: Float32Array
  /** m: running mean of the gradients. */
  readonly mean: Float32Array
  /** v: running mean of their squares. */
  readonly square: Float32Array
  /** Steps taken. */
  readonly steps: number
}

const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8]
/** A longer gradient is shortened to it. */
const mostNorm = 1

/** One step of Adam (Kingma & Ba 2015, algorithm 1). What was given stays as it is: it may be a state that somebody holds. */
export function adamStep({ steps, ...from }: Learned, gradient: Float64Array, learningRate: number): Learned {
  const [weights, mean, square] = [from.weights.slice(), from.mean.slice(), from.square.slice()]
  const norm = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0))
  const scale = norm > mostNorm ? mostNorm / norm : 1
  const [correct1, correct2] = [1 - beta1 ** (steps + 1), 1 - beta2 ** (steps + 1)]
  for (let k = 0; k < gradient.length; k++) {
    const g = gradient[k]! * scale
    mean[k] = beta1 * mean[k]! + (1 - beta1) * g
    square[k] = beta2 * square[k]! + (1 - beta2) * g * g
    weights[k]! -= (learningRate * (mean[k]! / correct1)) / (Math.sqrt(square[k]! / correct2) + epsilon)
  }
  return { weights, mean, square, steps: steps + 1 }
}
