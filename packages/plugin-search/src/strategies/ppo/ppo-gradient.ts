import type { Genome } from '@mnas/core/contracts'
import { following, type Step, unroll, type Weights } from './controller.js'
import type { ControllerLayout } from './controller-layout.js'

/** A network that the controller drew, and what came of it. */
export interface Experience {
  /** As drawn: choices that do not act are part of it. */
  readonly genome: Genome
  /** ln π_old of each choice: when it was drawn. */
  readonly logarithms: readonly number[]
  /** Â: how much better its reward was than expected. */
  readonly advantage: number
  /** Whether each choice made a difference to the network. One that made none is neither praised nor blamed. */
  readonly acts: readonly boolean[]
}

export interface PpoTerms {
  /** ε: beyond π/π_old of 1 ± ε nothing is gained. */
  readonly clip: number
  /** c: the worth of the entropy of a decision. */
  readonly entropy: number
}

/**
 * PPO's clipped surrogate with a bonus for entropy (Schulman et al. 2017, equations 7 and 9, without a value function), as a
 * loss, and its gradient in θ, derived by hand:
 *
 *     L = −1/N Σ_n Σ_t [min(r Â, clip(r, 1 − ε, 1 + ε) Â) + c S],  r = π(a_t) / π_old(a_t),  S = −Σ_k p_k ln p_k
 *
 * Every decision has a ratio of its own.
 */
export function ppoGradient(
  layout: ControllerLayout,
  weights: Weights,
  batch: readonly Experience[],
  { clip, entropy }: PpoTerms,
): { readonly loss: number; readonly gradient: Float64Array } {
  const gradient = new Float64Array(layout.length)
  let loss = 0
  for (const { genome, logarithms, advantage, acts } of batch) {
    const steps = unroll(layout, weights, following(genome))
    const towards = steps.map((step, t) => {
      const slope = new Float64Array(step.logarithms.length)
      if (!acts[t]) return slope
      const ratio = Math.exp(step.logarithms[step.choice]! - logarithms[t]!)
      const clipped = Math.min(Math.max(ratio, 1 - clip), 1 + clip)
      const spread = step.logarithms.reduce((sum, logarithm) => sum - Math.exp(logarithm) * logarithm, 0)
      loss -= (Math.min(ratio * advantage, clipped * advantage) + entropy * spread) / batch.length
      // ∂(r Â)/∂l_k = Â r (1[k = a] − p_k) where the minimum is not the constant; ∂S/∂l_k = −p_k (ln p_k + S)
      const pull = ratio * advantage <= clipped * advantage ? ratio * advantage : 0
      for (const [k, logarithm] of step.logarithms.entries()) {
        const p = Math.exp(logarithm)
        slope[k] = (pull * (p - (k === step.choice ? 1 : 0)) + entropy * p * (logarithm + spread)) / batch.length
      }
      return slope
    })
    throughTime(layout, weights, steps, towards, gradient)
  }
  return { loss, gradient }
}

/**
 * Back through the LSTM, the last decision first. With δ = ∂L/∂l_t and dh, dc what comes back from step t + 1:
 *
 *     dh += V_tᵀ δ,  dc += dh o (1 − tanh² c_t),  dz_i = dc g i (1 − i),  dz_f = dc c_{t−1} f (1 − f),
 *     dz_g = dc i (1 − g²),  dz_o = dh tanh c_t o (1 − o),  dW += dz u_tᵀ,  [dx; dh; ·] = Wᵀ dz,  dc = dc f
 *
 * @param towards ∂L/∂l_t of each decision
 * @param gradient ∂L/∂θ, to which it is added
 */
function throughTime(
  layout: ControllerLayout,
  weights: Weights,
  steps: readonly Step[],
  towards: readonly Float64Array[],
  gradient: Float64Array,
): void {
  const { embedding: E, units: H, embeddings, logits, start } = layout
  const dz = new Float64Array(4 * H)
  const dc = new Float64Array(H)
  let dh = new Float64Array(H + 1)
  for (let t = steps.length - 1; t >= 0; t--) {
    const { input, gates, before, squashed, output } = steps[t]!
    addProduct(weights, logits[t]!, towards[t]!, output, gradient, dh)
    for (let j = 0; j < H; j++) {
      const [i, f, g, o] = [gates[j]!, gates[H + j]!, gates[2 * H + j]!, gates[3 * H + j]!]
      const tanh = squashed[j]!
      const back = dc[j]! + dh[j]! * o * (1 - tanh * tanh)
      dz[j] = back * g * i * (1 - i)
      dz[H + j] = back * before[j]! * f * (1 - f)
      dz[2 * H + j] = back * i * (1 - g * g)
      dz[3 * H + j] = dh[j]! * tanh * o * (1 - o)
      dc[j] = back * f
    }
    const du = new Float64Array(E + H + 1)
    addProductOfGates(weights, layout.gates, dz, input, gradient, du)
    const x = t === 0 ? start : embeddings[t - 1]! + steps[t - 1]!.choice * E
    for (let k = 0; k < E; k++) gradient[x + k]! += du[k]!
    dh = du.slice(E)
  }
}

/** Of y = M u, M at `at` in θ, by ∂L/∂y: adds ∂L/∂M = ∂L/∂y uᵀ to the gradient and Mᵀ ∂L/∂y to `du`. */
function addProduct(
  weights: Weights,
  at: number,
  dy: Float64Array,
  u: Float64Array,
  gradient: Float64Array,
  du: Float64Array,
): void {
  const columns = u.length
  for (let row = 0, from = at; row < dy.length; row++, from += columns) {
    const d = dy[row]!
    if (d === 0) continue
    for (let k = 0; k < columns; k++) {
      gradient[from + k]! += d * u[k]!
      du[k]! += d * weights[from + k]!
    }
  }
}

/** The same for W: its four rows of a unit at once take the most expensive loop through `du` a quarter as often. */
function addProductOfGates(
  weights: Weights,
  at: number,
  dz: Float64Array,
  u: Float64Array,
  gradient: Float64Array,
  du: Float64Array,
): void {
  const columns = u.length
  const H = dz.length / 4
  const next = H * columns
  for (let j = 0; j < H; j++) {
    const [i, f, g, o] = [dz[j]!, dz[H + j]!, dz[2 * H + j]!, dz[3 * H + j]!]
    for (let k = 0, first = at + j * columns; k < columns; k++, first++) {
      const second = first + next
      const third = second + next
      const fourth = third + next
      const value = u[k]!
      gradient[first]! += i * value
      gradient[second]! += f * value
      gradient[third]! += g * value
      gradient[fourth]! += o * value
      du[k]! += i * weights[first]! + f * weights[second]! + g * weights[third]! + o * weights[fourth]!
    }
  }
}
