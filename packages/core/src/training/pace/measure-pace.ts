import type { Batch, Tensors } from '../../contracts/index.js'
import { initializeWeights } from '../../graph/index.js'
import { compileTraining } from '../compile-training.js'
import { randomInputs } from '../random-inputs.js'
import type { CompiledTraining, OpenJob } from '../training.js'
import { trainingPlan } from '../training-loop.js'
import type { TrainingPace } from './epochs-within.js'

/** Steps that load code and fill the workers' queues. */
const warmUpSteps = 3
/** Timed: at least so many steps, and more until so much time has passed. */
const [fewestSteps, mostSteps, enoughMs] = [3, 20, 5000]

/** Takes a few real steps, at a learning rate of 0, and says how long they take. Blocks the process as training does. */
export async function measurePace(setup: OpenJob): Promise<TrainingPace> {
  const training = await compileTraining(setup)
  const { session, inference, graph, recipe, batchesPerEpoch } = training
  try {
    const weights = initializeWeights(graph, 0)
    await session.load(weights)
    await inference.load(weights)
    const { secondsPerBatch, inputs } = await timeSteps(training)
    const secondsPerInference = await timeInference(training, inputs)
    const batches = (images: number) => Math.ceil(images / recipe.batchSize)
    const recomputed = Math.min(batches(recipe.batchNormRecomputation?.images ?? 0), batchesPerEpoch)
    return {
      secondsPerBatch,
      secondsPerInference,
      batchesPerEpoch,
      batchesPerEvaluation: batches(setup.dataset.size('heldOut')) + recomputed,
      batchesAtEnd: batches(setup.dataset.size('validation')),
      evaluateEveryEpochs: recipe.evaluateEveryEpochs,
    }
  } finally {
    await session.close()
    await inference.close()
  }
}

async function timeSteps({
  session,
  source,
  recipe,
}: CompiledTraining): Promise<{ readonly secondsPerBatch: number; readonly inputs: Tensors }> {
  const { workers, whileWorking, signal } = source.runtime
  let [steps, start] = [-warmUpSteps, performance.now()]
  const step = (batch: Batch) => {
    const masks = randomInputs(session.randomInputs, recipe.batchSize, 0, 0)
    return session.step({ ...batch.inputs, ...masks }, { learningRate: 0, averageDecay: 1 })
  }
  for await (const batch of source.dataset.batches(trainingPlan(source, recipe), { epoch: 0, index: 0 }, workers, signal)) {
    signal.throwIfAborted()
    await whileWorking(() => step(batch))
    steps++
    if (steps === 0) start = performance.now()
    const elapsedMs = performance.now() - start
    if (steps >= mostSteps || (steps >= fewestSteps && elapsedMs >= enoughMs))
      return { secondsPerBatch: elapsedMs / steps / 1000, inputs: batch.inputs }
  }
  throw new Error('The training split gave no batch')
}

async function timeInference({ inference, source }: CompiledTraining, inputs: Tensors): Promise<number> {
  let start = 0
  for (let run = -1; run < fewestSteps; run++) {
    if (run === 0) start = performance.now()
    await source.runtime.whileWorking(() => inference.run(inputs))
  }
  return (performance.now() - start) / fewestSteps / 1000
}
