import type { Graph, InferenceSession, ObjectiveGraph, Tensors, TrainingEngine } from '../../../contracts/index.js'
import type { Value } from '../../interpreter/value.js'
import { check, checkClose, checkEqual } from '../check.js'

export interface InferenceSetting {
  readonly model: Graph
  readonly objective?: ObjectiveGraph
  readonly nodes?: readonly string[]
  readonly batch: number
  readonly weights: Tensors
}

/** Compiles an inference session on the given weights, works with it and closes it whatever happens. */
export async function withInference<T>(
  engine: TrainingEngine,
  setting: InferenceSetting,
  work: (session: InferenceSession) => Promise<T>,
): Promise<T> {
  const { model, objective, nodes, batch: batchSize } = setting
  const plan = await engine.plan({}, model, batchSize)
  const session = await engine.compileInference({
    model,
    batchSize,
    plan,
    ...(objective ? { objective } : {}),
    ...(nodes ? { nodes } : {}),
  })
  try {
    await session.load(setting.weights)
    return await work(session)
  } finally {
    await session.close()
  }
}

/** Tensors against values of the definition: the same shapes, every element within tolerance of the largest magnitude. */
export function checkTensors(
  received: Tensors,
  expected: Readonly<Record<string, Value>>,
  tolerance: number,
  what: string,
): void {
  for (const [name, value] of Object.entries(expected)) {
    const tensor = received[name]
    check(tensor !== undefined, `${what} lacks a tensor`, name, Object.keys(received).join(', '))
    checkEqual(tensor.shape, value.shape, `shape of "${name}" in ${what}`)
    checkClose(tensor.data, value.data, tolerance, `"${name}" in ${what}`)
  }
}
