import type { Optimizer, Parameter, Tensors } from '../../../contracts/index.js'
import type { Differences } from '../../interpreter/finite-differences.js'
import type { TensorLike, Value } from '../../interpreter/value.js'

type Arrays = Readonly<Record<string, Float64Array>>

/** Everything a training owns, in float64. */
export interface ReferenceState {
  readonly weights: Arrays
  readonly meanSquare: Arrays
  readonly momentum: Arrays
  readonly average: Arrays
}

export interface ReferenceStep {
  readonly optimizer: Optimizer
  readonly parameters: readonly Parameter[]
  readonly gradients: Readonly<Record<string, Differences>>
  readonly batchStatistics: Readonly<Record<string, Value>>
  readonly batchNormMomentum: number
  readonly learningRate: number
  readonly averageDecay: number
  readonly frozen: readonly string[]
  /** What the learning rate is multiplied by, by parameter. */
  readonly rates: Readonly<Record<string, number>>
}

/** After load(): no momentum, RMSProp's mean square 1, the average equal to the weights. */
export function startState(weights: Tensors): ReferenceState {
  const all = (value: (name: string, i: number) => number): Arrays =>
    Object.fromEntries(
      Object.entries(weights).map(([name, { data }]) => [name, Float64Array.from(data, (_, i) => value(name, i))] as const),
    )
  return {
    weights: all((name, i) => weights[name]!.data[i]!),
    meanSquare: all(() => 1),
    momentum: all(() => 0),
    average: all((name, i) => weights[name]!.data[i]!),
  }
}

/** Weights of a state with their shapes. */
export function withShapes(state: Arrays, weights: Tensors): Readonly<Record<string, TensorLike>> {
  return Object.fromEntries(Object.entries(state).map(([name, data]) => [name, { shape: weights[name]!.shape, data }] as const))
}

/**
 * One update as the project defines it (reference: Tan et al. 2019, section 4, in TensorFlow 1's RMSProp).
 *
 *   g ← ∂loss/∂w + weightDecay·w                                  w not a batch-norm parameter
 *   SGD       m ← momentum·m + g                    w ← w − lr·m,  nesterov:  w ← w − lr·(momentum·m + g)
 *   RMSProp   s ← decay·s + (1 − decay)·g²          m ← momentum·m + lr·g/√(s + ε)     w ← w − m
 *   statistic w ← momentum·w + (1 − momentum)·batch               variance with M/(M − 1)
 *   average   a ← averageDecay·a + (1 − averageDecay)·w           of everything, afterwards
 */
export function referenceStep(state: ReferenceState, step: ReferenceStep): ReferenceState {
  const weights: Record<string, Float64Array> = {}
  const meanSquare: Record<string, Float64Array> = { ...state.meanSquare }
  const momentum: Record<string, Float64Array> = { ...state.momentum }
  for (const parameter of step.parameters) {
    const { name } = parameter
    const old = state.weights[name]!
    if (parameter.statistic) {
      const batch = step.batchStatistics[name]!.data
      const kept = step.batchNormMomentum
      weights[name] = old.map((value, i) => kept * value + (1 - kept) * batch[i]!)
    } else if (step.frozen.includes(name)) {
      weights[name] = old
    } else {
      const updated = updateOne(state, step, parameter)
      weights[name] = updated.weight
      meanSquare[name] = updated.meanSquare
      momentum[name] = updated.momentum
    }
  }
  const decay = step.averageDecay
  const average = Object.fromEntries(
    Object.entries(state.average).map(([name, old]) => [name, old.map((a, i) => decay * a + (1 - decay) * weights[name]![i]!)]),
  )
  return { weights, meanSquare, momentum, average }
}

function updateOne(state: ReferenceState, step: ReferenceStep, { name, decayed }: Parameter) {
  const { optimizer, gradients } = step
  const learningRate = step.learningRate * (step.rates[name] ?? 1)
  const weight = state.weights[name]!
  const penalty = decayed ? optimizer.weightDecay : 0
  const gradient = gradients[name]!.values.map((g, i) => g + penalty * weight[i]!)
  const oldMomentum = state.momentum[name]!
  const oldSquare = state.meanSquare[name]!
  switch (optimizer.kind) {
    case 'sgd': {
      const momentum = oldMomentum.map((m, i) => optimizer.momentum * m + gradient[i]!)
      const change = optimizer.nesterov ? momentum.map((m, i) => optimizer.momentum * m + gradient[i]!) : momentum
      return { weight: weight.map((w, i) => w - learningRate * change[i]!), momentum, meanSquare: oldSquare }
    }
    case 'rmsprop': {
      const { decay, epsilon } = optimizer
      const meanSquare = oldSquare.map((s, i) => decay * s + (1 - decay) * gradient[i]! ** 2)
      const momentum = oldMomentum.map(
        (m, i) => optimizer.momentum * m + (learningRate * gradient[i]!) / Math.sqrt(meanSquare[i]! + epsilon),
      )
      return { weight: weight.map((w, i) => w - momentum[i]!), momentum, meanSquare }
    }
    default:
      return optimizer satisfies never
  }
}
