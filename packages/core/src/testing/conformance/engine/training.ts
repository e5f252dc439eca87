import type {
  Graph,
  ObjectiveGraph,
  Optimizer,
  Tensors,
  TrainingEngine,
  TrainingRequest,
  TrainingSession,
} from '../../../contracts/index.js'
import { bindObjective, parametersOf } from '../../../graph/index.js'
import { type Differences, finiteDifferences } from '../../interpreter/finite-differences.js'
import { type Interpretation, interpret } from '../../interpreter/interpret.js'
import { check, checkClose, checkEqual } from '../check.js'

/** A model, its objective and the tensors of one step. */
export interface Trainable {
  readonly model: Graph
  readonly objective: ObjectiveGraph
  readonly batch: number
  readonly inputs: Tensors
  readonly masks: Tensors
  readonly weights: Tensors
}

/** w ← w − lr·gradient, nothing else. */
export const plainSgd: Optimizer = { kind: 'sgd', momentum: 0, weightDecay: 0, average: false }
export const batchNormMomentum = 0.9

export type TrainingOptions = Partial<Pick<TrainingRequest, 'optimizer' | 'frozen' | 'rates'>>

/** Compiles a session on the trainable's weights, works with it and closes it whatever happens. */
export async function withTraining<T>(
  engine: TrainingEngine,
  trainable: Trainable,
  options: TrainingOptions,
  work: (session: TrainingSession) => Promise<T>,
): Promise<T> {
  const { model, objective, batch: batchSize } = trainable
  const plan = await engine.plan({}, model, batchSize)
  const { optimizer = plainSgd, frozen = [], rates = {} } = options
  const session = await engine.compile({ model, objective, optimizer, frozen, rates, batchSize, batchNormMomentum, plan })
  try {
    await session.load(trainable.weights)
    return await work(session)
  } finally {
    await session.close()
  }
}

/** One step on the trainable's own inputs. */
export function step(
  session: TrainingSession,
  trainable: Trainable,
  learningRate: number,
  averageDecay = 0,
  apply = true,
): Promise<Readonly<Record<string, number>>> {
  return session.step({ ...trainable.inputs, ...trainable.masks }, { learningRate, averageDecay }, apply)
}

export function trainableNames(model: Graph): readonly string[] {
  return parametersOf(model)
    .filter((parameter) => !parameter.statistic)
    .map((parameter) => parameter.name)
}

/** The definition's training-mode forward of model and objective together. */
export function interpretTraining(trainable: Trainable, weights: Parameters<typeof interpret>[1]['weights']): Interpretation {
  const { inputs, masks } = trainable
  return interpret(bindObjective(trainable.model, trainable.objective), { inputs, weights, masks, mode: 'training' })
}

/** The definition's gradients: all elements, or `samples` of each parameter. */
export function referenceGradients(
  trainable: Trainable,
  weights: Parameters<typeof interpret>[1]['weights'] = trainable.weights,
  samples?: number,
): Readonly<Record<string, Differences>> {
  const { inputs, masks } = trainable
  const graph = bindObjective(trainable.model, trainable.objective)
  return finiteDifferences(graph, { inputs, masks, weights, mode: 'training', ...(samples === undefined ? {} : { samples }) })
}

/** What an engine's gradients are: the difference that one plain SGD step with learning rate 1 makes. */
export async function engineGradients(
  session: TrainingSession,
  trainable: Trainable,
): Promise<{ readonly outputs: Readonly<Record<string, number>>; readonly gradients: Readonly<Record<string, Float64Array>> }> {
  const before = await session.weights('raw')
  const outputs = await step(session, trainable, 1)
  const after = await session.weights('raw')
  const gradients = trainableNames(trainable.model).map((name) => {
    const moved = after[name]
    check(moved !== undefined, 'weights() lacks a parameter', name, Object.keys(after).join(', '))
    return [name, Float64Array.from(before[name]!.data, (value, i) => value - moved.data[i]!)] as const
  })
  return { outputs, gradients: Object.fromEntries(gradients) }
}

/** The objective's outputs of a training step against the definition's; sums that cancel are held to an absolute error. */
export function checkOutputs(outputs: Readonly<Record<string, number>>, trainable: Trainable, tolerance: number): void {
  const { outputs: values } = interpretTraining(trainable, trainable.weights)
  for (const name of Object.keys(trainable.objective.outputs)) {
    check(name in outputs, 'step() lacks an output of the objective', name, Object.keys(outputs).join(', '))
    const expected = values[name]!.data
    checkClose([outputs[name]!], expected, tolerance, `output "${name}" of a training step`, Math.max(1, Math.abs(expected[0]!)))
  }
}

/**
 * Relative error ‖engine − definition‖ / ‖definition‖ of each parameter; the norm below the line is at least a hundredth of the whole
 * gradient's, since a parameter without influence (a bias in front of a batch norm) has nothing but rounding, which depends on how wide the
 * vectors of a processor are.
 */
export function checkGradients(
  received: Readonly<Record<string, Float64Array>>,
  expected: Readonly<Record<string, Differences>>,
  tolerance: number,
): void {
  checkEqual(Object.keys(received).sort(), Object.keys(expected).sort(), 'parameters with a gradient')
  const whole = norm(Object.values(expected).flatMap(({ values }) => Array.from(values)))
  for (const [name, { indices, values }] of Object.entries(expected)) {
    const own = indices.map((index) => received[name]![index]!)
    const error = norm(own.map((value, i) => value - values[i]!)) / Math.max(norm(values), whole / 100, 1e-9)
    check(
      error <= tolerance,
      `gradient of "${name}"`,
      `${preview(values)} within ${tolerance}`,
      `${preview(own)} (relative error ${error.toExponential(1)})`,
    )
  }
}

function norm(values: ArrayLike<number>): number {
  return Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0))
}

function preview(values: ArrayLike<number>): string {
  const first = Array.from(values).slice(0, 6)
  return `[${first.map((value) => value.toPrecision(5)).join(', ')}${values.length > 6 ? ', …' : ''}]`
}
