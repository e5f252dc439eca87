import type { Genome } from '@mnas/core/contracts'
import type { ControllerLayout } from './controller-layout.js'

/** θ. Single precision is what is kept; double serves to check gradients. */
export type Weights = Float32Array | Float64Array

/** One decision as the controller came to it. */
export interface Step {
  /** u_t = [x_t; h_{t−1}; 1] */
  readonly input: Float64Array
  /** i_t, f_t, g_t, o_t, one behind the other. */
  readonly gates: Float64Array
  /** c_{t−1} */
  readonly before: Float64Array
  /** tanh c_t */
  readonly squashed: Float64Array
  /** [h_t; 1] */
  readonly output: Float64Array
  /** ln p_t of each choice. */
  readonly logarithms: Float64Array
  readonly choice: number
}

/**
 * A one-layer LSTM (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000) decides one thing after the other,
 * each by a softmax of its own over h_t, and reads the embedding of its last choice (Zoph & Le 2017, §3.1):
 *
 *     z = W u_t,  i, f, o = σ(z_i, z_f, z_o),  g = tanh z_g,  c_t = f c_{t−1} + i g,  h_t = o tanh c_t,  p_t = softmax(V_t [h_t; 1])
 *
 * @param choose picks a choice of decision t by the logarithms of its probabilities
 */
export function unroll(
  layout: ControllerLayout,
  weights: Weights,
  choose: (logarithms: Float64Array, t: number) => number,
): readonly Step[] {
  const { choices, embedding: E, units: H } = layout
  const steps: Step[] = []
  let cells = new Float64Array(H)
  let output = new Float64Array(H + 1).fill(1, H)
  let x = layout.start
  for (let t = 0; t < choices.length; t++) {
    const input = new Float64Array(E + H + 1)
    for (let k = 0; k < E; k++) input[k] = weights[x + k]!
    input.set(output, E)
    const gates = gatesOf(layout, weights, input)
    const [after, squashed] = [new Float64Array(H), new Float64Array(H)]
    output = new Float64Array(H + 1).fill(1, H)
    for (let j = 0; j < H; j++) {
      after[j] = gates[H + j]! * cells[j]! + gates[j]! * gates[2 * H + j]!
      squashed[j] = Math.tanh(after[j]!)
      output[j] = gates[3 * H + j]! * squashed[j]!
    }
    const logarithms = logSoftmax(weights, layout.logits[t]!, choices[t]!, output)
    const choice = choose(logarithms, t)
    steps.push({ input, gates, before: cells, squashed, output, logarithms, choice })
    cells = after
    x = layout.embeddings[t]! + choice * E
  }
  return steps
}

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z))

/** The four rows of a unit side by side: sums that do not wait for each other. */
function gatesOf({ units: H }: ControllerLayout, weights: Weights, input: Float64Array): Float64Array {
  const columns = input.length
  const next = H * columns
  const gates = new Float64Array(4 * H)
  for (let j = 0; j < H; j++) {
    let [i, f, g, o] = [0, 0, 0, 0]
    for (let k = 0, at = j * columns; k < columns; k++, at++) {
      const u = input[k]!
      i += weights[at]! * u
      f += weights[at + next]! * u
      g += weights[at + 2 * next]! * u
      o += weights[at + 3 * next]! * u
    }
    gates[j] = sigmoid(i)
    gates[H + j] = sigmoid(f)
    gates[2 * H + j] = Math.tanh(g)
    gates[3 * H + j] = sigmoid(o)
  }
  return gates
}

function logSoftmax(weights: Weights, at: number, count: number, output: Float64Array): Float64Array {
  const columns = output.length
  const logits = new Float64Array(count)
  for (let k = 0; k < count; k++) for (let j = 0; j < columns; j++) logits[k]! += weights[at + k * columns + j]! * output[j]!
  const most = Math.max(...logits)
  const sum = most + Math.log(logits.reduce((total, logit) => total + Math.exp(logit - most), 0))
  return logits.map((logit) => logit - sum)
}

/** What a genome's choices were, decision by decision. */
export const following =
  (genome: Genome) =>
  (_: Float64Array, t: number): number =>
    genome[t]!
