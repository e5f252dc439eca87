/** What a controller decides, and how large it is. */
export interface ControllerShape {
  /** Choices of each decision, in their order. */
  readonly choices: readonly number[]
  /** E: values of an embedding. */
  readonly embedding: number
  /** H: units of the LSTM. */
  readonly units: number
}

/**
 * Where a controller's matrices lie in its one vector of weights θ, row by row. Biases are the last column of their matrix:
 * what it is multiplied with ends in 1.
 */
export interface ControllerLayout extends ControllerShape {
  /** W, [4H, E + H + 1]: rows of the input gate, then the forget gate, the candidate and the output gate. At 0. */
  readonly gates: number
  /** x₁, [E]: what stands for the choice before the first. */
  readonly start: number
  /** X_t of each decision, [choices, E]. */
  readonly embeddings: readonly number[]
  /** V_t of each decision, [choices, H + 1]. */
  readonly logits: readonly number[]
  /** Of θ. */
  readonly length: number
}

export function controllerLayout(shape: ControllerShape): ControllerLayout {
  const { choices, embedding, units } = shape
  let length = 0
  const room = (size: number): number => {
    length += size
    return length - size
  }
  const gates = room(4 * units * (embedding + units + 1))
  const start = room(embedding)
  const embeddings = choices.map((count) => room(count * embedding))
  const logits = choices.map((count) => room(count * (units + 1)))
  return { ...shape, gates, start, embeddings, logits, length }
}
