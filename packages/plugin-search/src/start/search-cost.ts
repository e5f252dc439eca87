import { withFidelity } from '@mnas/core/architecture'
import type { Batch, Dataset, TrainingSession } from '@mnas/core/contracts'
import { initializeWeights, lower } from '@mnas/core/graph'
import { median, quietMachine } from '@mnas/core/measurement'
import { randomInputs } from '@mnas/core/training'
import { type Materials, openMaterials } from './open-materials.js'
import { probePlan } from './search-in-folder.js'
import type { SearchRequest, Surroundings } from './search-request.js'

/** What a search would spend, measured on a few training steps of the space's reference network on the real images. Nothing is written to the run's folder. */
export interface SearchCost {
  readonly classes: number
  readonly trainingImages: number
  readonly heldOutImages: number
  readonly batchSize: number
  /** The network whose steps were timed. */
  readonly network: string
  readonly stepsPerTrial: number
  readonly secondsPerStep: number
  /** Training and evaluation of a network of that size; a smaller one takes less. */
  readonly secondsPerTrial: number
  readonly trials: number | null
  /** Null when neither trials nor time bound it. */
  readonly seconds: number | null
}

const warmUpSteps = 1
const timedSteps = 4

export async function searchCost(request: SearchRequest, around: Surroundings): Promise<SearchCost> {
  const materials = await openMaterials(request, around)
  const { data, recipe, fidelity, reference } = materials
  try {
    around.reporter.stage('training steps', reference.name)
    const { secondsPerStep, secondsPerInference } = await timeSteps(request, materials, around)
    const stepsPerEpoch = Math.floor(data.training / recipe.batchSize)
    const stepsPerTrial = stepsPerEpoch * fidelity.epochs
    const recomputed = Math.ceil(Math.min(recipe.batchNormRecomputation?.images ?? 0, data.training) / recipe.batchSize)
    const evaluated = Math.ceil(data.heldOut / recipe.batchSize)
    const secondsPerTrial = stepsPerTrial * secondsPerStep + (recomputed + evaluated) * secondsPerInference
    const bySeconds = request.timeMs === undefined ? Number.POSITIVE_INFINITY : request.timeMs / 1000
    const seconds = Math.min(bySeconds, (request.trials ?? Number.POSITIVE_INFINITY) * secondsPerTrial)
    return {
      classes: data.labels.length,
      trainingImages: data.training,
      heldOutImages: data.heldOut,
      batchSize: recipe.batchSize,
      network: reference.name,
      stepsPerTrial,
      secondsPerStep,
      secondsPerTrial,
      trials: request.trials ?? null,
      seconds: Number.isFinite(seconds) ? seconds : null,
    }
  } finally {
    await materials.device.close()
  }
}

async function timeSteps(request: SearchRequest, materials: Materials, around: Surroundings) {
  const { settings, signal } = around
  const { task, engine, recipe, reference, fidelity } = materials
  const { whileWorking } = quietMachine(settings.cacheFolder)
  const { cacheFolder, cacheLimit: cacheLimitBytes } = settings
  const dataset = await task.open({ folder: request.data, cacheFolder, cacheLimitBytes, whileWorking, signal })
  const model = lower(withFidelity(reference, fidelity), task)
  const plan = await probePlan(materials, around)
  const session = await engine.compile({
    model,
    objective: task.objective(model, reference.task.options, recipe.loss),
    optimizer: { ...recipe.optimizer, weightDecay: recipe.weightDecay, average: recipe.average !== null },
    batchSize: recipe.batchSize,
    batchNormMomentum: recipe.batchNormMomentum,
    frozen: [],
    plan,
  })
  const inference = await engine.compileInference({ model, batchSize: recipe.batchSize, plan })
  try {
    const batch = await firstBatch(dataset, materials, request, around)
    const weights = initializeWeights(model, request.seed)
    await session.load(weights)
    await inference.load(weights)
    const step = (index: number) => session.step({ ...batch.inputs, ...masks(session, recipe.batchSize, index) }, scalars)
    return {
      secondsPerStep: await medianSeconds((index) => whileWorking(() => step(index))),
      secondsPerInference: await medianSeconds(() => whileWorking(() => inference.run(batch.inputs))),
    }
  } finally {
    await session.close()
    await inference.close()
    await dataset.close()
  }
}

/** A rate of 0: what is timed does not depend on it. */
const scalars = { learningRate: 0, averageDecay: 0 }
const masks = (session: TrainingSession, batchSize: number, step: number) =>
  randomInputs(session.randomInputs, batchSize, 0, step)

async function firstBatch(
  dataset: Dataset,
  { recipe, fidelity }: Materials,
  request: SearchRequest,
  around: Surroundings,
): Promise<Batch> {
  const plan = {
    split: 'train',
    batchSize: recipe.batchSize,
    inputSize: fidelity.inputSize,
    seed: request.seed,
    augmentation: recipe.augmentation,
    training: true,
    targets: {},
    decoding: 'fast',
  } as const
  for await (const batch of dataset.batches(plan, { epoch: 0, index: 0 }, around.settings.workers, around.signal)) return batch
  throw new Error('the training split gave no batch')
}

async function medianSeconds(work: (index: number) => Promise<unknown>): Promise<number> {
  const seconds: number[] = []
  for (let index = 0; index < warmUpSteps + timedSteps; index++) {
    const start = performance.now()
    await work(index)
    if (index >= warmUpSteps) seconds.push((performance.now() - start) / 1000)
  }
  return median(seconds)
}
