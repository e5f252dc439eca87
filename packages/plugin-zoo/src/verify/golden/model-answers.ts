import type { AskedFile, ModelRuntime, Surroundings, Tensors, TrainingEngine } from '@mnas/core/contracts'
import { type DeployableModel, forInputsOf, withRealValues } from '@mnas/core/deployment'
import { withInference } from '@mnas/core/training'

/** Answers of weights, one picture after the other. @param threads 0 = all */
export async function answersOfWeights(
  { graph, weights }: Pick<DeployableModel, 'graph' | 'weights'>,
  engine: TrainingEngine,
  threads: number,
  inputs: readonly Tensors[],
): Promise<readonly Tensors[]> {
  const plan = await engine.plan(threads > 0 ? { threads } : {}, graph, 1)
  return withInference(engine, { model: graph, batchSize: 1, plan }, weights, async (session) => {
    const answers: Tensors[] = []
    for (const tensors of inputs) answers.push(await session.run(tensors))
    return answers
  })
}

/**
 * Answers of a file in its own runtime, in real numbers.
 * @param model whose normalisation the inputs have
 */
export async function answersOfFile(
  runtime: ModelRuntime,
  file: AskedFile,
  model: Pick<DeployableModel, 'preprocessing'>,
  inputs: readonly Tensors[],
  around: Surroundings,
): Promise<readonly Tensors[]> {
  const infer = forInputsOf(
    model.preprocessing,
    withRealValues((asked, given) => runtime.run(asked, given, around)),
  )
  const answers: Tensors[] = []
  for await (const answer of infer(file, each(inputs))) answers.push(answer)
  return answers
}

async function* each(inputs: readonly Tensors[]): AsyncGenerator<Tensors> {
  yield* inputs
}
