import type { Graph, InferenceRequest, InferenceSession, Tensor, Tensors } from '@mnas/core/contracts'
import { contractErrors } from '@mnas/core/errors'
import { bindObjective, parametersOf, specsOf } from '@mnas/core/graph'
import { compileModel } from './compile-model.js'
import { batchStatisticsModel, inferenceModel } from './inference-graph.js'
import { sizeOf } from './onnx/tensor.js'
import { feedInputs, weightValues } from './runtime/feeds.js'
import { floatTensors, type OrtSession, type OrtTensor, type WrapFloats } from './runtime/load-runtime.js'
import { stepNames } from './training-step.js'

/** Compiles the inference meaning of a model; the batch statistics are compiled when they are first asked for. */
export async function openInferenceSession(request: InferenceRequest): Promise<InferenceSession> {
  const { model, objective, nodes = [], batchSize, plan } = request
  const graph = objective ? bindObjective(model, objective) : model
  const named = (names: Iterable<string>) => Object.fromEntries([...names].map((name) => [name, graph.outputs[name]!]))
  const results = {
    ...Object.fromEntries(nodes.map((id) => [id, id])),
    ...model.outputs,
    ...(objective ? named(Object.keys(objective.outputs)) : {}),
  }
  const session = await compileModel(inferenceModel(graph, parametersOf(model), results, batchSize), plan)
  return new OnnxInferenceSession(request, graph, results, session, await floatTensors())
}

class OnnxInferenceSession implements InferenceSession {
  readonly #request: InferenceRequest
  readonly #graph: Graph
  readonly #results: Readonly<Record<string, string>>
  readonly #session: OrtSession
  readonly #wrap: WrapFloats
  #statistics: OrtSession | null = null
  #weights: Readonly<Record<string, OrtTensor>> | null = null

  constructor(
    request: InferenceRequest,
    graph: Graph,
    results: Readonly<Record<string, string>>,
    session: OrtSession,
    wrap: WrapFloats,
  ) {
    this.#request = request
    this.#graph = graph
    this.#results = results
    this.#session = session
    this.#wrap = wrap
  }

  async load(weights: Tensors): Promise<void> {
    const entries = parametersOf(this.#request.model).map(({ name, shape }) => {
      // A copy: the caller may reuse its memory before the next run.
      const values = weightValues(name, shape, weights[name]).slice()
      return [stepNames.parameter(name), this.#wrap(values, shape)] as const
    })
    this.#weights = Object.fromEntries(entries)
  }

  async run(inputs: Tensors): Promise<Tensors> {
    const outputs = await this.#execute(this.#session, this.#graph, inputs)
    const specs = specsOf(this.#graph)
    const entries = Object.entries(this.#results).map(([name, id]): [string, Tensor] => {
      const spec = specs.get(id)!
      const shape = spec.batched ? [this.#request.batchSize, ...spec.shape] : spec.shape
      return [name, toTensor(outputs[stepNames.result(name)]!, shape)]
    })
    return Object.fromEntries(entries)
  }

  async batchStatistics(inputs: Tensors): Promise<Tensors> {
    const { model, batchSize, plan } = this.#request
    if (!model.nodes.some((node) => node.op === 'batchNorm')) return {}
    this.#statistics ??= await compileModel(batchStatisticsModel(model, parametersOf(model), batchSize), plan)
    const outputs = await this.#execute(this.#statistics, model, inputs)
    const entries = parametersOf(model)
      .filter((parameter) => parameter.statistic)
      .map(({ name, shape }) => [name, toTensor(outputs[stepNames.result(name)]!, shape)] as const)
    return Object.fromEntries(entries)
  }

  async close(): Promise<void> {
    await this.#session.release()
    await this.#statistics?.release()
  }

  async #execute(session: OrtSession, graph: Graph, inputs: Tensors): Promise<Readonly<Record<string, OrtTensor>>> {
    if (!this.#weights) {
      const details = { name: 'weights', expected: 'load(weights) before the first run', received: 'nothing' }
      throw contractErrors.MNAS_ENGINE_WEIGHTS(details)
    }
    const batch = feedInputs(this.#wrap, graph.inputs, this.#request.batchSize, inputs, stepNames.input)
    const feeds: Readonly<Record<string, OrtTensor>> = { ...this.#weights, ...batch }
    return session.run(Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]!])))
  }
}

function toTensor(tensor: OrtTensor, shape: readonly number[]): Tensor {
  const data = tensor.data as Float32Array
  if (data.length !== sizeOf(shape)) throw new Error(`a result has ${data.length} values instead of [${shape}]`)
  return { dtype: 'float32', shape, data }
}
