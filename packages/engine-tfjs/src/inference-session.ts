import type { Graph, InferenceRequest, InferenceSession, Tensors } from '@mnas/core/contracts'
import { contractErrors } from '@mnas/core/errors'
import { bindObjective, specsOf } from '@mnas/core/graph'
import { type ForwardOptions, forward } from './forward.js'
import { type PlacedParameter, placedParameters } from './layout.js'
import { openRuntime, type Runtime } from './tensorflow/runtime.js'
import type { TfTensor } from './tensorflow/tensorflow.js'
import { fullShape, inputTensor, parameterOf, parameterTensor, parameterValues, resultOf } from './tensors.js'

export async function openInferenceSession(request: InferenceRequest): Promise<InferenceSession> {
  return new TfjsInferenceSession(request, await openRuntime(request.plan))
}

class TfjsInferenceSession implements InferenceSession {
  readonly #request: InferenceRequest
  readonly #runtime: Runtime
  readonly #graph: Graph
  readonly #parameters: readonly PlacedParameter[]
  /** Result name → node id or graph input. */
  readonly #results: Readonly<Record<string, string>>
  #weights: ReadonlyMap<string, TfTensor> = new Map()

  constructor(request: InferenceRequest, runtime: Runtime) {
    const { model, objective, nodes = [] } = request
    this.#request = request
    this.#runtime = runtime
    this.#graph = objective ? bindObjective(model, objective) : model
    this.#parameters = placedParameters(model)
    const ofObjective = Object.keys(objective?.outputs ?? {}).map((name) => [name, this.#graph.outputs[name]!] as const)
    this.#results = { ...Object.fromEntries(nodes.map((id) => [id, id])), ...model.outputs, ...Object.fromEntries(ofObjective) }
  }

  async load(weights: Tensors): Promise<void> {
    return this.#runtime.run(() => {
      const values = this.#parameters.map(
        (parameter) => [parameter, parameterValues(parameter, weights[parameter.name])] as const,
      )
      this.#free()
      this.#weights = new Map(
        values.map(([parameter, data]) => [parameter.name, parameterTensor(this.#runtime.tf, parameter, data)]),
      )
    })
  }

  async run(inputs: Tensors): Promise<Tensors> {
    return this.#runtime.run(() => {
      const graph = this.#graph
      const values = forward(this.#options(graph, inputs, 'inference'), [...new Set(Object.values(this.#results))])
      const specs = specsOf(graph)
      const entries = Object.entries(this.#results).map(([name, id]) => {
        return [name, resultOf(values.get(id)!, fullShape(specs.get(id)!, this.#request.batchSize))] as const
      })
      return Object.fromEntries(entries)
    })
  }

  async batchStatistics(inputs: Tensors): Promise<Tensors> {
    return this.#runtime.run(() => {
      const { model } = this.#request
      const statistics = new Map<string, TfTensor>()
      const norms = model.nodes.filter((node) => node.op === 'batchNorm').map((node) => node.id)
      if (norms.length === 0) return {}
      try {
        const keep = (node: string, mean: TfTensor, variance: TfTensor) => {
          statistics.set(`${node}.movingMean`, mean)
          statistics.set(`${node}.movingVariance`, variance)
        }
        forward({ ...this.#options(model, inputs, 'training'), batchStatistics: keep }, norms)
        const running = this.#parameters.filter(({ statistic }) => statistic)
        return Object.fromEntries(
          running.map((parameter) => [parameter.name, parameterOf(parameter, statistics.get(parameter.name)!)]),
        )
      } finally {
        for (const tensor of statistics.values()) tensor.dispose()
      }
    })
  }

  async close(): Promise<void> {
    return this.#runtime.run(() => this.#free())
  }

  #options(graph: Graph, inputs: Tensors, mode: ForwardOptions['mode']): ForwardOptions {
    if (this.#weights.size < this.#parameters.length) {
      const details = { name: 'weights', expected: 'load(weights) before the first run', received: 'nothing' }
      throw contractErrors.MNAS_ENGINE_WEIGHTS(details)
    }
    const tensors = Object.entries(graph.inputs).map(([name, spec]) => {
      return [name, inputTensor(this.#runtime.tf, name, fullShape(spec, this.#request.batchSize), inputs[name])] as const
    })
    return {
      ...this.#runtime,
      graph,
      batch: this.#request.batchSize,
      mode,
      inputs: Object.fromEntries(tensors),
      parameter: (name) => this.#weights.get(name)!,
      mask: () => null,
      batchStatistics: () => undefined,
    }
  }

  #free(): void {
    for (const tensor of this.#weights.values()) tensor.dispose()
    this.#weights = new Map()
  }
}
