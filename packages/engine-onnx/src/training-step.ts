import type { Graph, Optimizer, Parameter } from '@mnas/core/contracts'
import type { UpdateRule } from '@mnas/core/graph'
import { differentiate } from './autodiff/differentiate.js'
import type { Scaled } from './autodiff/scaled.js'
import { trace } from './autodiff/trace.js'
import { movingAverage } from './moving-average.js'
import { Emitter } from './onnx/emitter.js'
import type { OnnxModel, OnnxTensor } from './onnx/tensor.js'
import { type BlockedLayout, plain } from './ops/value.js'
import { isTrained, type ParameterGroup } from './parameter-groups.js'
import type { Step } from './rewrite/rewrite.js'

export interface TrainingStepOptions {
  /** Model and objective as one graph. */
  readonly graph: Graph
  /** The same nodes, in the fast mode with composites. */
  readonly steps: readonly Step[]
  /** Layout of the composites. */
  readonly layout?: BlockedLayout | undefined
  /** Names of the outputs to return, `loss` among them. */
  readonly results: readonly string[]
  readonly groups: readonly ParameterGroup[]
  /** As the request has them. */
  readonly rates: Readonly<Record<string, number>>
  readonly optimizer: Optimizer
  readonly rule: UpdateRule
  readonly batchSize: number
  readonly batchNormMomentum: number
  /** Adds `accumulated/…` gradients of earlier steps, scaled by 1/steps for the update. */
  readonly accumulating: boolean
  /** Every parameter is cut out of its group's vector: a buffer on a device has no views. */
  readonly splitGroups: boolean
}

/**
 * Names of the step's ONNX inputs; the new value of a state tensor comes out under the same name with `/new` behind it.
 * `weights/…`, `slot/…`, `average/…` and `accumulated/…` are whole groups, `parameter/…` single kernels, biases
 * and what is frozen: views of the same buffers.
 */
export const stepNames = {
  parameter: (name: string) => `parameter/${name}`,
  input: (name: string) => `input/${name}`,
  mask: (node: string) => `mask/${node}`,
  weights: (group: string) => `weights/${group}`,
  slot: (slot: string, group: string) => `slot/${slot}/${group}`,
  average: (group: string) => `average/${group}`,
  accumulated: (group: string) => `accumulated/${group}`,
  result: (name: string) => `result/${name}`,
  next: (name: string) => `${name}/new`,
  isNext: (name: string) => name.endsWith('/new'),
  learningRate: 'learningRate',
  averageDecay: 'averageDecay',
  gradientScale: 'gradientScale',
} as const

/** One training step as an ONNX model: forward, loss, gradients, update, running statistics, moving average. */
export function trainingStep(options: TrainingStepOptions): OnnxModel {
  const { graph, steps, layout, batchSize } = options
  const g = new Emitter()
  const vectors = groupVectors(g)
  const parameter = options.splitGroups ? splitGroups(g, options.groups, vectors) : viewsAndColumns(g, options.groups, vectors)
  const traced = trace({
    g,
    graph,
    steps,
    ...(layout && { layout }),
    batch: batchSize,
    mode: 'training',
    parameter,
    mask: (node) => g.input(stepNames.mask(node.id), [node.batched ? batchSize : 1, ...node.shape]),
  })
  const trainable = options.groups.filter(isTrained).flatMap((group) => group.parameters.map(({ name }) => name))
  const gradients = differentiate(g, graph, traced, new Set(trainable))
  for (const name of options.results) {
    g.output(stepNames.result(name), plain(g, traced.values.get(graph.outputs[name]!)!))
  }
  const averageDecay = options.optimizer.average ? g.input(stepNames.averageDecay, [1]) : null
  const finish = (group: ParameterGroup, weights: OnnxTensor): void => {
    g.output(stepNames.next(stepNames.weights(group.name)), weights)
    if (!averageDecay) return
    const average = g.input(stepNames.average(group.name), [group.size])
    g.output(stepNames.next(average.name), movingAverage(g, average, weights, averageDecay))
  }
  updateTrained(g, options, vectors, gradients, finish)
  updateStatistics(g, options, vectors, traced.batchStatistics, finish)
  return g.finish()
}

/** Declares a parameter as an input when it is first read. */
export function parameterInputs(g: Emitter, groups: readonly { readonly parameters: readonly Parameter[] }[]) {
  const shapes = new Map(groups.flatMap((group) => group.parameters.map(({ name, shape }) => [name, shape] as const)))
  const declared = new Map<string, OnnxTensor>()
  return (name: string): OnnxTensor => {
    const known = declared.get(name)
    if (known) return known
    const input = g.input(stepNames.parameter(name), shapes.get(name)!)
    declared.set(name, input)
    return input
  }
}

/** The weights of a group as one input, declared when it is first read. */
type GroupVectors = (group: ParameterGroup) => OnnxTensor

function groupVectors(g: Emitter): GroupVectors {
  const declared = new Map<string, OnnxTensor>()
  return ({ name, size }) => {
    const vector = declared.get(name) ?? g.input(stepNames.weights(name), [size])
    declared.set(name, vector)
    return vector
  }
}

/**
 * Kernels and biases, and whatever is frozen, are inputs of their own: views of their group's memory. The many short vectors of batch norms are
 * columns [C, 1] that one operator cuts out of theirs: as inputs each would cost a feed and, to become a column, a node.
 */
function viewsAndColumns(g: Emitter, groups: readonly ParameterGroup[], vectors: GroupVectors) {
  const views = parameterInputs(g, groups)
  const columns = new Map<string, OnnxTensor>()
  for (const group of groups.filter(({ kind }) => kind === 'undecayed')) {
    const sizes = group.parameters.map(({ size }) => size)
    const parts = g.split(g.reshape(vectors(group), [group.size, 1]), 0, sizes)
    group.parameters.forEach(({ name, shape }, i) => void columns.set(name, g.reshape(parts[i]!, shape)))
  }
  return (name: string): OnnxTensor => columns.get(name) ?? views(name)
}

function splitGroups(g: Emitter, groups: readonly ParameterGroup[], vectors: GroupVectors) {
  const placed = groups.flatMap((group) => group.parameters.map((parameter) => [parameter.name, { group, parameter }] as const))
  const places = new Map(placed)
  return (name: string): OnnxTensor => {
    const { group, parameter } = places.get(name)!
    const { offset, size, shape } = parameter
    // Not one Split: WebGPU's has as many outputs as a shader may have buffers, 16 or fewer.
    return g.reshape(g.slice(vectors(group), [0], [offset], [offset + size]), shape)
  }
}

type Finish = (group: ParameterGroup, weights: OnnxTensor) => void

function updateTrained(
  g: Emitter,
  { groups, rates, optimizer, rule, accumulating }: TrainingStepOptions,
  vectors: GroupVectors,
  gradients: ReadonlyMap<string, Scaled>,
  finish: Finish,
): void {
  const trained = groups.filter(isTrained)
  if (trained.length === 0) return
  const learningRate = g.input(stepNames.learningRate, [1])
  const scale = accumulating ? g.input(stepNames.gradientScale, [1]) : null
  for (const group of trained) {
    const weights = vectors(group)
    const slots = rule.slots.map(({ name }) => g.input(stepNames.slot(name, group.name), [group.size]))
    const now = groupVector(g, group, gradients)
    const dLoss = scale ? g.multiply(accumulate(g, group, now), scale) : now
    const penalised = group.kind === 'decayed' && optimizer.weightDecay > 0
    const gradient = penalised ? g.add(dLoss, g.multiply(weights, optimizer.weightDecay)) : dLoss
    const updated = rule.update(g, { weights, gradient, slots, learningRate: ownRates(g, group, learningRate, rates) })
    updated.slots.forEach((slot, i) => {
      g.output(stepNames.next(slots[i]!.name), slot)
    })
    finish(group, updated.weights)
  }
}

/** The learning rate of a group: one for all of it, unless one of its parameters has its own. */
function ownRates(
  g: Emitter,
  { parameters, size }: ParameterGroup,
  rate: OnnxTensor,
  rates: TrainingStepOptions['rates'],
): OnnxTensor {
  const factorOf = (name: string): number => rates[name] ?? 1
  if (parameters.every(({ name }) => factorOf(name) === 1)) return rate
  const factors = new Float32Array(size)
  for (const { name, offset, size: length } of parameters) factors.fill(factorOf(name), offset, offset + length)
  return g.multiply(g.constant(factors, [size]), rate)
}

function accumulate(g: Emitter, group: ParameterGroup, gradient: OnnxTensor): OnnxTensor {
  const earlier = g.input(stepNames.accumulated(group.name), [group.size])
  const sum = g.add(earlier, gradient)
  g.output(stepNames.next(earlier.name), sum)
  return sum
}

/** running ← momentum·running + (1 − momentum)·batch */
function updateStatistics(
  g: Emitter,
  { groups, batchNormMomentum }: TrainingStepOptions,
  vectors: GroupVectors,
  batchStatistics: ReadonlyMap<string, Scaled>,
  finish: Finish,
): void {
  for (const group of groups.filter(({ kind }) => kind === 'statistics')) {
    const running = vectors(group)
    const batch = groupVector(g, group, batchStatistics)
    finish(group, g.add(g.multiply(running, batchNormMomentum), g.multiply(batch, 1 - batchNormMomentum)))
  }
}

/**
 * A value per parameter laid end to end, each times its factor, all at once; zeros where there is none. As columns: most values are [C, 1] and
 * need no view.
 */
function groupVector(g: Emitter, group: ParameterGroup, values: ReadonlyMap<string, Scaled>): OnnxTensor {
  const parts = group.parameters.map(({ name, size }) => {
    const tensor = values.get(name)?.tensor
    return tensor ? g.reshape(tensor, [size, 1]) : g.expand(g.constant(Float32Array.of(0), [1, 1]), [size, 1])
  })
  const vector = g.reshape(g.concat(parts, 0), [group.size])
  const factorOf = (name: string): number => values.get(name)?.factor ?? 1
  if (group.parameters.every(({ name }) => factorOf(name) === 1)) return vector
  const factors = new Float32Array(group.size)
  for (const { name, offset, size } of group.parameters) factors.fill(factorOf(name), offset, offset + size)
  return g.multiply(vector, g.constant(factors, [group.size]))
}
