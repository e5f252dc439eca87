import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
// Only here are the gradients of the operators registered.
import '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { following, unroll } from '#internal/strategies/ppo/controller.js'
import { type ControllerLayout, controllerLayout } from '#internal/strategies/ppo/controller-layout.js'
import { type Experience, ppoGradient } from '#internal/strategies/ppo/ppo-gradient.js'

const terms = { clip: 0.2, entropy: 0.3 }
const layout = controllerLayout({ choices: [3, 2, 4, 1, 3], embedding: 4, units: 5 })

/** Numbers in [−1, 1) that are the same in every run. */
function numbers(seed: number) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    return state / 2 ** 31
  }
}
const next = numbers(7)
/** Large, so that gates and probabilities are far from where they are linear. */
const weights = Float64Array.from({ length: layout.length }, () => next())

/** Ratios on both sides of the clip, advantages of both signs, a decision that does not act. */
const batch: readonly Experience[] = [1.5, -0.8, 0.4, -1.2].map((advantage, index) => {
  const genome = layout.choices.map((count, t) => (index + t) % count)
  const now = unroll(layout, weights, following(genome))
  const logarithms = now.map((step, t) => step.logarithms[step.choice]! + [0.05, -0.4, 0.4, -0.1][(t + index) % 4]!)
  return { genome, logarithms, advantage, acts: genome.map((_, t) => index !== 2 || t !== 1) }
})
const { loss, gradient } = ppoGradient(layout, weights, batch, terms)
const norm = (values: ArrayLike<number>) => Math.hypot(...Array.from(values))

/** How far apart two vectors are, relative to the second. */
const distance = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  norm(Array.from(a, (value, index) => value - b[index]!)) / norm(b)

describe('the gradient of the controller', () => {
  beforeAll(() => tf.setBackend('cpu'))

  it('is that of finite differences, in every weight', () => {
    const step = 1e-5
    const lossWith = (index: number, change: number) =>
      ppoGradient(layout, weights.with(index, weights[index]! + change), batch, terms).loss
    const differences = weights.map((_, index) => (lossWith(index, step) - lossWith(index, -step)) / (2 * step))
    const largest = Math.max(...differences.map(Math.abs))
    for (const [index, expected] of differences.entries())
      expect(Math.abs(gradient[index]! - expected), `weight ${index}`).toBeLessThan(
        1e-3 * Math.max(Math.abs(expected), 1e-3 * largest),
      )
    expect(norm(gradient)).toBeGreaterThan(0.1)
  })

  it("is that of TensorFlow.js's automatic differentiation", () => {
    const { value, grad } = tf.valueAndGrad((theta) => lossInTensorFlow(layout, theta as tf.Tensor1D))(
      tf.tensor1d(Float32Array.from(weights)),
    )
    expect(value.dataSync()[0]).toBeCloseTo(loss, 4)
    expect(distance(grad.dataSync(), gradient)).toBeLessThan(1e-4)
  })

  it('leaves alone what no network of the batch chose, and decisions that did not act', () => {
    const still = batch.map((one) => ({ ...one, acts: one.acts.map(() => false) }))
    expect(norm(ppoGradient(layout, weights, still, terms).gradient)).toBe(0)
    const last = batch.map((one) => ({ ...one, acts: one.acts.map((_, t) => t === 4) }))
    const { gradient: ofLast } = ppoGradient(layout, weights, last, terms)
    // The embedding of the last decision is read by nobody, the logits of the others by no decision that acts.
    expect(norm(ofLast.subarray(layout.embeddings[4]!, layout.logits[0]!))).toBe(0)
    expect(norm(ofLast.subarray(layout.logits[0]!, layout.logits[4]!))).toBe(0)
    expect(norm(ofLast.subarray(layout.logits[4]!))).toBeGreaterThan(0)
  })
})

/** The same loss from the operators of TensorFlow.js. */
function lossInTensorFlow({ choices, embedding: E, units: H, ...at }: ControllerLayout, theta: tf.Tensor1D): tf.Scalar {
  const part = (from: number, rows: number, columns: number) =>
    tf.reshape<tf.Rank.R2>(tf.slice(theta, [from], [rows * columns]), [rows, columns])
  const one = tf.ones<tf.Rank.R2>([1, 1])
  const withOne = (...columns: tf.Tensor2D[]) => tf.concat2d([...columns, one], 0)
  const gains: tf.Tensor[] = []
  for (const { genome, logarithms, advantage, acts } of batch) {
    let [h, c, x] = [tf.zeros<tf.Rank.R2>([H, 1]), tf.zeros<tf.Rank.R2>([H, 1]), part(at.start, E, 1)]
    for (const [t, count] of choices.entries()) {
      const z = tf.matMul<tf.Tensor2D>(part(at.gates, 4 * H, E + H + 1), withOne(x, h))
      const [i, f, g, o] = tf.split(z, 4, 0) as tf.Tensor2D[]
      c = tf.add(tf.mul(tf.sigmoid(f!), c), tf.mul(tf.sigmoid(i!), tf.tanh(g!)))
      h = tf.mul(tf.sigmoid(o!), tf.tanh(c))
      const logits = tf.matMul(part(at.logits[t]!, count, H + 1), withOne(h))
      const logP = tf.logSoftmax(tf.reshape(logits, [count]))
      const choice = genome[t]!
      x = part(at.embeddings[t]! + choice * E, E, 1)
      if (!acts[t]) continue
      const ratio = tf.exp(tf.sub(tf.slice(logP, [choice], [1]), logarithms[t]!))
      const clipped = tf.clipByValue(ratio, 1 - terms.clip, 1 + terms.clip)
      gains.push(tf.sum(tf.minimum(tf.mul(ratio, advantage), tf.mul(clipped, advantage))))
      gains.push(tf.mul(tf.sum(tf.mul(tf.exp(logP), logP)), -terms.entropy))
    }
  }
  return tf.div(tf.neg(tf.addN(gains)), batch.length)
}
