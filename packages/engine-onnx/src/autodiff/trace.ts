import type { Graph, GraphNode, GraphNodeOf, Op, ParameterRole } from '@mnas/core/contracts'
import type { Composite, CompositeSite } from '../fast/composite.js'
import type { Emitter } from '../onnx/emitter.js'
import type { OnnxTensor } from '../onnx/tensor.js'
import type { Site } from '../ops/operator.js'
import { operatorOf } from '../ops/registry.js'
import { type BlockedLayout, plainValue, settled, shapeIn, type Value } from '../ops/value.js'
import { type Step, singleSteps } from '../rewrite/rewrite.js'
import type { Scaled } from './scaled.js'

export interface TraceOptions {
  readonly g: Emitter
  readonly graph: Graph
  /** The graph's nodes, some of them in composites; default: each by itself. */
  readonly steps?: readonly Step[]
  /** Layout of the composites. */
  readonly layout?: BlockedLayout
  readonly batch: number
  readonly mode: 'training' | 'inference'
  /** The ONNX tensor of a parameter, by `${node}.${role}`; called only for those that are used. */
  parameter(name: string): OnnxTensor
  mask(node: GraphNodeOf<'dropout'>): OnnxTensor | null
}

/** What a step sees in the reverse pass. */
export interface ReverseStepSite {
  /** As its readers gave it: it may be smaller where it broadcasts. */
  readonly outputGradient: Value
  readonly needed: readonly boolean[]
  trains(parameter: string): boolean
  collect(input: number): Value | null
  parameterGradient(parameter: string, gradient: Scaled): void
}

export interface TracedStep {
  /** Node whose value it computes. */
  readonly id: string
  readonly inputs: readonly string[]
  /** Its reverse pass with the types of its op put away; null where it has no gradient. */
  readonly reverse: ((site: ReverseStepSite) => readonly (Value | null)[]) | null
}

/** A graph run forward once, symbolically. */
export interface Trace {
  readonly steps: readonly TracedStep[]
  /** By node id or graph input; nodes inside composites have none. */
  readonly values: ReadonlyMap<string, Value>
  /** By parameter name: `${node}.movingMean`, `${node}.movingVariance`, [C] or [C, 1]; training mode only. */
  readonly batchStatistics: ReadonlyMap<string, Scaled>
}

/** Emits the forward pass of a graph. */
export function trace(options: TraceOptions): Trace {
  const { g, graph, batch } = options
  const values = new Map<string, Value>()
  const batchStatistics = new Map<string, Scaled>()
  for (const [name, spec] of Object.entries(graph.inputs)) {
    values.set(name, plainValue(g.input(`input/${name}`, [spec.batched ? batch : 1, ...spec.shape])))
  }
  const steps = (options.steps ?? singleSteps(graph)).map((step) => {
    const traced =
      step.kind === 'node'
        ? traceNode(options, step.node, values, batchStatistics)
        : traceComposite(options, step.composite, values, batchStatistics)
    values.set(traced.id, traced.output)
    return traced
  })
  return { steps, values, batchStatistics }
}

type Traced = TracedStep & { readonly output: Value }

function traceNode<K extends Op>(
  { g, mode, parameter, mask }: TraceOptions,
  node: GraphNodeOf<K>,
  values: ReadonlyMap<string, Value>,
  batchStatistics: Map<string, Scaled>,
): Traced {
  const { id } = node
  const site: Site<K> = {
    g,
    node,
    inputs: node.inputs.map((input) => values.get(input)!),
    mode,
    parameter: (role) => parameter(`${id}.${role}`),
    mask: () => (isDropout(node) ? mask(node) : null),
    batchStatistics: (mean, variance) => reportStatistics(batchStatistics, id, mean, variance, 1),
  }
  const { output, reverse } = operatorOf<K>(node).forward(site)
  const reverseStep: TracedStep['reverse'] =
    reverse &&
    (({ outputGradient, needed, trains, parameterGradient }) =>
      reverse({
        outputGradient: whole(g, outputGradient, output),
        needed,
        trains: (role) => trains(`${id}.${role}`),
        parameterGradient: (role, tensor) => parameterGradient(`${id}.${role}`, { tensor, factor: 1 }),
      }))
  return { id, inputs: node.inputs, output, reverse: reverseStep }
}

/** A gradient spread over the full shape of its value, in the layout that it has. */
function whole(g: Emitter, gradient: Value, output: Value): Value {
  const { tensor, layout } = settled(g, gradient)
  return { tensor: g.expand(tensor, shapeIn(output, layout)), layout }
}

function traceComposite(
  { g, layout, parameter }: TraceOptions,
  { id, inputs, forward }: Composite,
  values: ReadonlyMap<string, Value>,
  batchStatistics: Map<string, Scaled>,
): Traced {
  if (layout === undefined) throw new Error('composites need a blocked layout')
  const name = (node: string, role: ParameterRole): string => `${node}.${role}`
  const site: CompositeSite = {
    g,
    layout,
    inputs: inputs.map((input) => values.get(input)!),
    parameter: (node, role) => parameter(name(node, role)),
    batchStatistics: (node, mean, variance, factor) => reportStatistics(batchStatistics, node, mean, variance, factor),
  }
  const { output, reverse } = forward(site)
  return {
    id,
    inputs,
    output,
    reverse: ({ outputGradient, needed, collect, parameterGradient }) =>
      reverse({
        outputGradient,
        needed,
        collect,
        parameterGradient: (node, role, tensor, factor = 1) => parameterGradient(name(node, role), { tensor, factor }),
      }),
  }
}

function reportStatistics(
  all: Map<string, Scaled>,
  node: string,
  mean: OnnxTensor,
  variance: OnnxTensor,
  varianceFactor: number,
): void {
  all.set(`${node}.movingMean`, { tensor: mean, factor: 1 })
  all.set(`${node}.movingVariance`, { tensor: variance, factor: varianceFactor })
}

const isDropout = (node: Pick<GraphNode, 'op'>): node is GraphNodeOf<'dropout'> => node.op === 'dropout'
