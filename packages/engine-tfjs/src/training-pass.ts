import type { Graph, TensorSpec, Tensors, TrainingSession } from '@mnas/core/contracts'
import { recordedForward } from './forward.js'
import type { Runtime } from './tensorflow/runtime.js'
import type { TfTensor } from './tensorflow/tensorflow.js'
import { fullShape, inputTensor } from './tensors.js'
import type { TrainingState } from './training-state.js'

export interface PassOptions {
  readonly runtime: Runtime
  /** Model and objective as one. */
  readonly graph: Graph
  /** Ids of the nodes that need a gradient. */
  readonly path: ReadonlySet<string>
  /** Dropout masks. */
  readonly randomInputs: TrainingSession['randomInputs']
  /** Names of the objective's outputs. */
  readonly results: readonly string[]
  readonly batchSize: number
  readonly state: TrainingState
}

/** What a forward and a backward pass give. Gradients live until the end of their `run`, statistics until they are disposed. */
export interface Pass {
  /** The objective's outputs that are one number. */
  readonly results: Readonly<Record<string, number>>
  /** By parameter name; none where the loss does not depend on it. */
  readonly gradients: ReadonlyMap<string, TfTensor>
  /** Of the batch, by the name of the running statistic; kept. */
  readonly statistics: ReadonlyMap<string, TfTensor>
}

/** One forward and backward pass over a batch. Inside a runtime's `run`. @throws MNAS_ENGINE_INPUT */
export function trainingPass(options: PassOptions, inputs: Tensors): Pass {
  const { runtime, state } = options
  const recording = new Recording(options, inputs)
  const trained = [...state].filter((parameter) => parameter.trained)
  try {
    const weights = trained.map((parameter) => parameter.weights)
    const grads = differentiate(runtime, () => recording.loss(), weights)
    const gradients = trained.flatMap(({ parameter }, i) => (grads[i] ? [[parameter.name, grads[i]] as const] : []))
    return { results: recording.results, gradients: new Map(gradients), statistics: recording.statistics }
  } catch (error) {
    for (const tensor of recording.statistics.values()) tensor.dispose()
    throw error
  } finally {
    for (const copy of recording.copies) copy.dispose()
  }
}

/** TensorFlow.js's reverse pass; it wants something to differentiate by. */
function differentiate({ tf }: Runtime, loss: () => TfTensor, weights: TfTensor[]): readonly (TfTensor | null | undefined)[] {
  if (weights.length > 0) return tf.engine().gradients(loss, weights, undefined, true).grads
  loss()
  return []
}

/** A forward pass and what is left of it when the gradients are taken. */
class Recording {
  readonly statistics = new Map<string, TfTensor>()
  readonly #options: PassOptions
  readonly #inputs: Record<string, TfTensor>
  readonly #masks: Record<string, TfTensor>
  results: Readonly<Record<string, number>> = {}
  copies: readonly TfTensor[] = []

  constructor(options: PassOptions, inputs: Tensors) {
    this.#options = options
    this.#inputs = this.#tensors(options.graph.inputs, inputs)
    this.#masks = this.#tensors(options.randomInputs, inputs)
  }

  loss(): TfTensor {
    const { runtime, graph, path, batchSize, state } = this.#options
    const { values, copies } = recordedForward(
      {
        ...runtime,
        graph,
        batch: batchSize,
        mode: 'training',
        inputs: this.#inputs,
        parameter: (name) => state.get(name).weights,
        mask: (node) => this.#masks[node.id]!,
        batchStatistics: (node, mean, variance) => {
          this.statistics.set(`${node}.movingMean`, mean)
          this.statistics.set(`${node}.movingVariance`, variance)
        },
      },
      path,
    )
    this.copies = copies
    const output = (name: string) => values.get(graph.outputs[name]!)!.tensor
    const numbers = this.#options.results.filter((name) => output(name).size === 1)
    this.results = Object.fromEntries(numbers.map((name) => [name, output(name).dataSync()[0]!]))
    return output('loss')
  }

  #tensors(specs: Readonly<Record<string, TensorSpec>>, inputs: Tensors): Record<string, TfTensor> {
    const { runtime, batchSize } = this.#options
    const entries = Object.entries(specs).map(([name, spec]) => {
      return [name, inputTensor(runtime.tf, name, fullShape(spec, batchSize), inputs[name])] as const
    })
    return Object.fromEntries(entries)
  }
}
