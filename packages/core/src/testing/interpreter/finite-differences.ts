import type { Graph } from '../../contracts/index.js'
import { opFacts, parametersOf } from '../../graph/index.js'
import { uniformSource } from '../random-tensors.js'
import { type InterpretOptions, interpret } from './interpret.js'
import type { TensorLike, Value } from './value.js'

export interface DifferenceOptions extends Omit<InterpretOptions, 'given'> {
  /** Parameters to differentiate by; default: all trainable ones. */
  readonly parameters?: readonly string[]
  /** At most this many elements of each parameter, chosen by the seed; default: all. */
  readonly samples?: number
  readonly seed?: number
  /** Half the distance between the two points; 1e-6: small enough that hardly a ReLU changes its mind between them. */
  readonly step?: number
}

/** ∂loss/∂element for some elements of one parameter. */
export interface Differences {
  readonly indices: readonly number[]
  readonly values: Float64Array
}

/**
 * Gradients of the graph's unbatched output `loss`, by central differences on the interpreter:
 *
 *   ∂loss/∂w ≈ (loss(w + h) − loss(w − h)) / 2h
 *
 * The values of stopGradient, rank and less are held where they are, so that this is the gradient an engine has to give.
 */
export function finiteDifferences(graph: Graph, options: DifferenceOptions): Readonly<Record<string, Differences>> {
  const base = interpret(graph, options)
  const step = options.step ?? 1e-6
  const next = uniformSource(options.seed ?? 1)
  const wanted = options.parameters && new Set(options.parameters)
  const gradients: Record<string, Differences> = {}
  for (const parameter of parametersOf(graph)) {
    if (wanted ? !wanted.has(parameter.name) : parameter.statistic) continue
    const given = unaffected(graph, parameter.node, base.values)
    const original = options.weights[parameter.name]!
    const indices = sample(original.data.length, options.samples ?? original.data.length, next)
    const lossAt = (index: number, delta: number): number => {
      const weights = { ...options.weights, [parameter.name]: moved(original, index, delta) }
      return interpret(graph, { ...options, weights, given }).outputs['loss']!.data[0]!
    }
    const values = Float64Array.from(indices, (index) => (lossAt(index, step) - lossAt(index, -step)) / (2 * step))
    gradients[parameter.name] = { indices, values }
  }
  return gradients
}

function moved(tensor: TensorLike, index: number, delta: number): TensorLike {
  const data = Float64Array.from(tensor.data)
  data[index]! += delta
  return { shape: tensor.shape, data }
}

/** The values that a change of that node's parameters leaves alone: those not behind it, and those through which no gradient goes. */
function unaffected(graph: Graph, changed: string, values: Readonly<Record<string, Value>>): Record<string, Value> {
  const moving = new Set<string>([changed])
  const given: Record<string, Value> = {}
  for (const node of graph.nodes) {
    if (node.id === changed) continue
    const open = opFacts[node.op].gradient !== 'none'
    if (open && node.inputs.some((id) => moving.has(id))) moving.add(node.id)
    else given[node.id] = values[node.id]!
  }
  return given
}

/** `count` different numbers below `length`, in ascending order; all of them when there are not more. */
function sample(length: number, count: number, next: () => number): readonly number[] {
  const all = Array.from({ length }, (_, index) => index)
  if (length <= count) return all
  for (let i = 0; i < count; i++) {
    const j = i + Math.floor(next() * (length - i))
    ;[all[i], all[j]] = [all[j]!, all[i]!]
  }
  return all.slice(0, count).sort((a, b) => a - b)
}
