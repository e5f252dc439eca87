import type { ExecutionPlan, Graph, ObjectiveGraph, Tensors } from '@mnas/core/contracts'
import { bindObjective, parametersOf } from '@mnas/core/graph'
import { finiteDifferences } from '@mnas/core/testing'
import engine from '@mnas/engine-onnx'

/** A model, its objective and everything that one step takes. */
export interface Trainable {
  readonly model: Graph
  readonly objective: ObjectiveGraph
  readonly batch: number
  /** Inputs, targets and masks. */
  readonly inputs: Tensors
  readonly weights: Tensors
}

export interface StepResult {
  readonly loss: number
  /** By parameter: the difference that one plain step with learning rate 1 makes. */
  readonly gradients: Readonly<Record<string, Float32Array>>
  /** By parameter: running statistics after a step with momentum 0, which are the batch's. */
  readonly statistics: Readonly<Record<string, Float32Array>>
}

export async function oneStep(trainable: Trainable, mode: ExecutionPlan['mode']): Promise<StepResult> {
  const { model, objective, batch, inputs, weights } = trainable
  const plan = await engine.plan({ mode, threads: 1 }, model, batch)
  if (plan.mode !== mode) throw new Error(`asked for the mode ${mode}, received ${plan.mode}`)
  const session = await engine.compile({
    model,
    objective,
    optimizer: { kind: 'sgd', momentum: 0, weightDecay: 0, average: false },
    batchSize: batch,
    batchNormMomentum: 0,
    frozen: [],
    plan,
  })
  try {
    await session.load(weights)
    const { loss } = await session.step(inputs, { learningRate: 1, averageDecay: 0 })
    const after = await session.weights('raw')
    const moved = (name: string) => Float32Array.from(weights[name]!.data, (value, i) => value - after[name]!.data[i]!)
    const parameters = parametersOf(model)
    const trained = parameters.filter(({ statistic }) => !statistic).map(({ name }) => [name, moved(name)] as const)
    const running = parameters.filter(({ statistic }) => statistic)
    return {
      loss: loss!,
      gradients: Object.fromEntries(trained),
      statistics: Object.fromEntries(running.map(({ name }) => [name, after[name]!.data as Float32Array])),
    }
  } finally {
    await session.close()
  }
}

/** Largest ‖a − b‖ / ‖b‖ of any parameter; below the line stands at least a thousandth of the whole norm. */
export function largestError(
  received: Readonly<Record<string, ArrayLike<number>>>,
  expected: Readonly<Record<string, ArrayLike<number>>>,
): number {
  const whole = norm(Object.values(expected).flatMap((values) => Array.from(values)))
  const errors = Object.entries(expected).map(([name, values]) => {
    const difference = Array.from(values, (value, i) => received[name]![i]! - value)
    return norm(difference) / Math.max(norm(Array.from(values)), whole / 1000, 1e-9)
  })
  return Math.max(0, ...errors)
}

/** ‖received − expected‖ / ‖expected‖ over some elements of every gradient; expected are finite differences of the interpreter, in float64. */
export function errorAgainstInterpreter(trainable: Trainable, received: StepResult['gradients'], samples: number): number {
  const { model, objective, inputs, weights } = trainable
  const graph = bindObjective(model, objective)
  const differences = Object.entries(finiteDifferences(graph, { inputs, masks: inputs, weights, mode: 'training', samples }))
  const expected = differences.flatMap(([, { values }]) => Array.from(values))
  const picked = differences.flatMap(([name, { indices }]) => indices.map((index) => received[name]![index]!))
  return largestError({ picked }, { picked: expected })
}

const norm = (values: readonly number[]): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))
