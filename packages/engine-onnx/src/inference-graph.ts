import type { Graph, Parameter } from '@mnas/core/contracts'
import { trace } from './autodiff/trace.js'
import { Emitter } from './onnx/emitter.js'
import type { OnnxModel } from './onnx/tensor.js'
import { plain } from './ops/value.js'
import { parameterInputs, stepNames } from './training-step.js'

/** The inference meaning of a graph as an ONNX model that returns the values named: result name → node id or graph input. */
export function inferenceModel(
  graph: Graph,
  parameters: readonly Parameter[],
  results: Readonly<Record<string, string>>,
  batchSize: number,
): OnnxModel {
  const { g, values } = traceForward(graph, parameters, batchSize, 'inference')
  for (const [name, id] of Object.entries(results)) g.output(stepNames.result(name), plain(g, values.get(id)!))
  return g.finish()
}

/** The training-mode forward pass without dropout as an ONNX model that returns every batch norm's statistics, by parameter name. */
export function batchStatisticsModel(graph: Graph, parameters: readonly Parameter[], batchSize: number): OnnxModel {
  const { g, batchStatistics } = traceForward(graph, parameters, batchSize, 'training')
  for (const [name, { tensor, factor }] of batchStatistics) g.output(stepNames.result(name), g.multiply(tensor, factor))
  return g.finish()
}

function traceForward(graph: Graph, parameters: readonly Parameter[], batch: number, mode: 'training' | 'inference') {
  const g = new Emitter()
  const parameter = parameterInputs(g, [{ parameters }])
  return { g, ...trace({ g, graph, batch, mode, parameter, mask: () => null }) }
}
