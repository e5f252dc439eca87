import type {
  ExecutionPlan,
  InferenceRequest,
  InferenceSession,
  Tensor,
  Tensors,
  TrainingEngine,
  TrainingSession,
} from '../../contracts/index.js'
import { toyLabels } from './toy-images.js'

/** A step takes about a millisecond: there is time to stop a training, and it is over soon. */
const rounds = 60

/**
 * An engine whose steps teach nothing: every bit of its weights follows from the batches that it was given, their order, the rates, the state that
 * it was restored to, and its plan. Whatever an executor loses, repeats or mixes up shows in them.
 */
const toyEngine: TrainingEngine = {
  name: 'toy',
  plan: async ({ threads = 1 }) => ({ engine: 'toy', mode: 'standard', accelerator: 'cpu', threads }),
  describePlan: async ({ threads }) => (threads > 1 ? `${threads} threads of a toy are no faster` : null),
  compile: async ({ plan }) => new ToySession(plan),
  compileInference: async (request) => inference(request),
}
export default toyEngine

class ToySession implements TrainingSession {
  readonly randomInputs = {}
  readonly #plan: ExecutionPlan
  #weights: Tensors = {}
  #velocity = 0
  /** Of the batches that wait for their update. */
  #pull = 0

  constructor(plan: ExecutionPlan) {
    this.#plan = plan
  }

  async step({ image }: Tensors, { learningRate }: { readonly learningRate: number }, apply = true) {
    this.#pull = Math.fround(this.#pull * 3 + mean(image!) + this.#plan.threads / 1000)
    const loss = this.#move(apply ? learningRate : 0)
    if (apply) this.#pull = 0
    return { loss }
  }

  /** @returns the mean square of the weights, which a rate beyond all measure makes infinite */
  #move(learningRate: number): number {
    this.#velocity = Math.fround(0.9 * this.#velocity + this.#pull)
    const rate = learningRate / rounds
    let [sum, count] = [0, 0]
    for (const { data } of Object.values(this.#weights)) {
      for (let round = 0; round < rounds; round++)
        for (let i = 0; i < data.length; i++) data[i]! -= rate * (this.#velocity + data[i]! / (1 + i))
      for (let i = 0; i < data.length; i++) sum += data[i]! ** 2
      count += data.length
    }
    return sum / count
  }

  weights = async () => copyOf(this.#weights)

  async load(weights: Tensors) {
    this.#weights = copyOf(weights)
    this.#velocity = 0
    this.#pull = 0
  }

  async state() {
    const weights = Object.entries(copyOf(this.#weights)).map(([name, tensor]) => [`weight/${name}`, tensor] as const)
    const velocity: Tensor = { dtype: 'float32', shape: [1], data: Float32Array.of(this.#velocity) }
    return { ...Object.fromEntries(weights), 'slot/velocity': velocity }
  }

  async restore({ 'slot/velocity': velocity, ...weights }: Tensors) {
    const named = Object.entries(weights).map(([name, tensor]) => [name.slice('weight/'.length), tensor] as const)
    await this.load(Object.fromEntries(named))
    this.#velocity = velocity!.data[0]!
  }

  close = async () => undefined
}

/** Answers that follow from all weights and the image: positive numbers. */
function inference({ batchSize }: InferenceRequest): InferenceSession {
  let total = 0
  return {
    async load(weights) {
      total = Object.values(copyOf(weights)).reduce((sum, tensor) => sum + mean(tensor), 0)
    },
    async run({ image }) {
      const pixels = image!.data.length / batchSize
      const logits = Float32Array.from({ length: batchSize * toyLabels.length }, (_, i) => {
        const value = total * (1 + (i % toyLabels.length)) + image!.data[Math.floor(i / toyLabels.length) * pixels]!
        return 1 + value - Math.floor(value)
      })
      return { logits: { dtype: 'float32', shape: [batchSize, toyLabels.length], data: logits } }
    },
    batchStatistics: async () => ({}),
    close: async () => undefined,
  }
}

function mean({ data }: Tensor): number {
  let sum = 0
  for (let i = 0; i < data.length; i++) sum += data[i]!
  return sum / data.length
}

/** By name: a sum over all of them must not depend on the order in which a file holds them. */
function copyOf(tensors: Tensors): Tensors {
  const sorted = Object.entries(tensors).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(
    sorted.map(([name, { shape, data }]) => [name, { dtype: 'float32', shape, data: Float32Array.from(data) }]),
  )
}
