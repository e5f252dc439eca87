import type {
  ExecutionPlan,
  InferenceSession,
  Tensor,
  Tensors,
  TrainingEngine,
  TrainingRequest,
  TrainingSession,
} from '@mnas/core/contracts'
import { MnasError } from '@mnas/core/errors'
import { bindObjective, parametersOf } from '@mnas/core/graph'
import { finiteDifferences, interpret, type Value } from '@mnas/core/testing'

/** How an engine could be wrong: each must be caught by the suite. */
export type Defect =
  | 'biasedVariance'
  | 'decayedBatchNorm'
  | 'forgottenSlots'
  | 'ignoredFrozen'
  | 'ignoredRates'
  | 'momentumOutsideLearningRate'
  | 'noGradientUnnoticed'
  | 'sumOfAccumulated'

/** The slowest engine there is: forward by the interpreter, gradients by differences. It shows that the suite can be passed. */
export function interpreterEngine(defect?: Defect): TrainingEngine {
  const plan: ExecutionPlan = { engine: 'interpreter', mode: 'standard', accelerator: 'none', threads: 1 }
  return {
    name: 'interpreter',
    plan: async (wish) => ({ ...plan, ...wish }),
    compile: async (request) => new Session(request, defect),
    compileInference: async ({ model, objective, nodes = [] }) => {
      const graph = objective ? bindObjective(model, objective) : model
      let weights: Tensors = {}
      const session: InferenceSession = {
        load: async (loaded) => {
          weights = loaded
        },
        run: async (inputs) => {
          const { outputs, values } = interpret(graph, { inputs, weights, mode: 'inference' })
          return toTensors({ ...outputs, ...Object.fromEntries(nodes.map((id) => [id, values[id]!])) })
        },
        batchStatistics: async (inputs) => {
          const masks = onesFor(model, Object.values(inputs)[0]!.shape[0]!)
          return toTensors(interpret(model, { inputs, weights, masks, mode: 'training' }).batchStatistics)
        },
        close: async () => undefined,
      }
      return session
    },
  }
}

function onesFor(graph: TrainingRequest['model'], batch: number): Tensors {
  const dropouts = graph.nodes.filter((node) => node.op === 'dropout')
  const ones = (shape: readonly number[]): Tensor => {
    const full = [batch, ...shape]
    return { dtype: 'float32', shape: full, data: new Float32Array(full.reduce((a, b) => a * b, 1)).fill(1) }
  }
  return Object.fromEntries(dropouts.map((node) => [node.id, ones(node.shape)]))
}

function toTensors(values: Readonly<Record<string, Value>>): Tensors {
  return Object.fromEntries(
    Object.entries(values).map(([name, { shape, data }]) => [name, { dtype: 'float32', shape, data: Float32Array.from(data) }]),
  )
}

type Kind = 'weight' | 'slot/momentum' | 'slot/meanSquare' | 'average'
type Arrays = Record<string, Float32Array>

class Session implements TrainingSession {
  readonly randomInputs: TrainingSession['randomInputs']
  readonly #request: TrainingRequest
  readonly #graph: TrainingRequest['model']
  readonly #defect: Defect | undefined
  readonly #shapes: Readonly<Record<string, readonly number[]>>
  #arrays: Record<Kind, Arrays> = { weight: {}, 'slot/momentum': {}, 'slot/meanSquare': {}, average: {} }
  #held: Record<string, Float64Array>[] = []

  constructor(request: TrainingRequest, defect: Defect | undefined) {
    this.#request = request
    this.#defect = defect
    this.#graph = bindObjective(request.model, request.objective)
    this.#shapes = Object.fromEntries(parametersOf(request.model).map(({ name, shape }) => [name, shape]))
    const dropouts = request.model.nodes.filter((node) => node.op === 'dropout')
    this.randomInputs = Object.fromEntries(
      dropouts.map(({ id, shape, dtype, batched, attributes }) => [id, { shape, dtype, batched, rate: attributes.rate }]),
    )
    if (defect !== 'noGradientUnnoticed' && !reachesLoss(this.#graph)) {
      throw new MnasError('MNAS_ENGINE_NO_GRADIENT', 6, 'No gradient.')
    }
  }

  async step(
    inputs: Tensors,
    { learningRate, averageDecay }: { readonly learningRate: number; readonly averageDecay: number },
    apply = true,
  ): Promise<Readonly<Record<string, number>>> {
    const weights = this.#tensors('weight')
    const masks = Object.fromEntries(Object.keys(this.randomInputs).map((name) => [name, inputs[name]!]))
    const options = { inputs, weights, masks, mode: 'training' } as const
    const { outputs, batchStatistics } = interpret(this.#graph, options)
    const differences = finiteDifferences(this.#graph, options)
    this.#held.push(Object.fromEntries(Object.entries(differences).map(([name, { values }]) => [name, values])))
    this.#updateStatistics(batchStatistics)
    if (apply) {
      this.#update(learningRate)
      this.#updateAverage(averageDecay)
    }
    const names = Object.keys(this.#request.objective.outputs)
    return Object.fromEntries(names.map((name) => [name, outputs[name]!.data[0]!]))
  }

  #updateStatistics(batchStatistics: Readonly<Record<string, Value>>): void {
    const kept = this.#request.batchNormMomentum
    for (const [name, { data }] of Object.entries(batchStatistics)) {
      const biased = this.#defect === 'biasedVariance' && name.endsWith('movingVariance') ? 0.9 : 1
      const old = this.#arrays.weight[name]!
      this.#arrays.weight[name] = old.map((value, i) => kept * value + (1 - kept) * biased * data[i]!)
    }
  }

  #update(learningRate: number): void {
    const { optimizer, frozen, rates = {} } = this.#request
    const parameters = parametersOf(this.#request.model).filter(({ statistic }) => !statistic)
    for (const { name, decayed } of parameters) {
      if (frozen.includes(name) && this.#defect !== 'ignoredFrozen') continue
      const weight = this.#arrays.weight[name]!
      const penalty = decayed || this.#defect === 'decayedBatchNorm' ? optimizer.weightDecay : 0
      const share = this.#defect === 'sumOfAccumulated' ? 1 : this.#held.length
      const gradient = weight.map((w, i) => this.#held.reduce((sum, held) => sum + held[name]![i]!, 0) / share + penalty * w)
      const momentum = this.#arrays['slot/momentum'][name]!
      const square = this.#arrays['slot/meanSquare'][name]!
      const outside = this.#defect === 'momentumOutsideLearningRate'
      const rate = learningRate * (this.#defect === 'ignoredRates' ? 1 : (rates[name] ?? 1))
      for (let i = 0; i < weight.length; i++) {
        if (optimizer.kind === 'sgd') {
          momentum[i] = optimizer.momentum * momentum[i]! + gradient[i]!
          weight[i]! -= rate * (optimizer.nesterov ? optimizer.momentum * momentum[i]! + gradient[i]! : momentum[i]!)
          continue
        }
        square[i] = optimizer.decay * square[i]! + (1 - optimizer.decay) * gradient[i]! ** 2
        const scaled = gradient[i]! / Math.sqrt(square[i]! + optimizer.epsilon)
        momentum[i] = optimizer.momentum * momentum[i]! + (outside ? scaled : rate * scaled)
        weight[i]! -= outside ? rate * momentum[i]! : momentum[i]!
      }
    }
    this.#held = []
  }

  #updateAverage(decay: number): void {
    for (const [name, weight] of Object.entries(this.#arrays.weight)) {
      this.#arrays.average[name] = this.#arrays.average[name]!.map((a, i) => decay * a + (1 - decay) * weight[i]!)
    }
  }

  async weights(which: 'raw' | 'average'): Promise<Tensors> {
    return this.#tensors(which === 'raw' ? 'weight' : 'average')
  }

  async load(weights: Tensors): Promise<void> {
    const copy = (fill?: number): Arrays =>
      Object.fromEntries(
        Object.entries(weights).map(([name, { data }]) => [name, Float32Array.from(data, (value) => fill ?? value)]),
      )
    this.#held = []
    this.#arrays = { weight: copy(), 'slot/momentum': copy(0), 'slot/meanSquare': copy(1), average: copy() }
  }

  async state(): Promise<Tensors> {
    const kinds = Object.keys(this.#arrays) as Kind[]
    const named = kinds
      .filter((kind) => this.#defect !== 'forgottenSlots' || !kind.startsWith('slot'))
      .flatMap((kind) => Object.entries(this.#tensors(kind)).map(([name, tensor]) => [`${kind}/${name}`, tensor] as const))
    return Object.fromEntries(named)
  }

  async restore(state: Tensors): Promise<void> {
    for (const [key, { data }] of Object.entries(state)) {
      const kind = (Object.keys(this.#arrays) as Kind[]).find((prefix) => key.startsWith(`${prefix}/`))!
      this.#arrays[kind][key.slice(kind.length + 1)] = Float32Array.from(data)
    }
  }

  async close(): Promise<void> {}

  #tensors(kind: Kind): Tensors {
    return Object.fromEntries(
      Object.entries(this.#arrays[kind]).map(([name, data]) => [
        name,
        { dtype: 'float32', shape: this.#shapes[name]!, data: data.slice() },
      ]),
    )
  }
}

/** Whether a trainable parameter reaches the loss without passing a cut. */
function reachesLoss(graph: TrainingRequest['model']): boolean {
  const moving = new Set(parametersOf(graph).map(({ node }) => node))
  for (const node of graph.nodes) {
    const cut = node.op === 'rank' || node.op === 'less' || node.op === 'stopGradient'
    const operands = node.op === 'select' ? node.inputs.slice(1) : node.inputs
    if (!cut && operands.some((id) => moving.has(id))) moving.add(node.id)
  }
  return moving.has(graph.outputs['loss']!)
}
