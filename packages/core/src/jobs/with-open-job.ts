import type { Dataset, ExecutionPlan, PlanWish, TrialJob } from '../contracts/index.js'
import { type DataSource, openData } from '../data/index.js'
import type { Registry } from '../plugins/index.js'
import { type BatchRuntime, type OpenJob, parseRecipe, trainedGraph, trainingErrors } from '../training/index.js'
import type { MemoryFacts } from './memory/out-of-memory.js'
import { watchMemory } from './memory/watch-memory.js'
import { planTraining } from './plan-training.js'

/** Where jobs are worked on: what is installed there, the images, and how the computer is shared. */
export interface Workplace<R extends BatchRuntime = BatchRuntime> {
  readonly registry: Registry
  readonly data: DataSource
  readonly runtime: R
  /** Is told what there is of memory before it is taken, for whoever may have to explain why it did not suffice. */
  tellMemory?(facts: MemoryFacts): void
}

/**
 * Finds a job's task and engine and opens its images, for as long as `work` takes.
 * @throws MNAS_NAME_UNKNOWN, MNAS_ENGINE_ACCELERATOR, MNAS_DATA_CHANGED, what opening the images throws
 */
export async function withOpenJob<T, R extends BatchRuntime>(
  job: TrialJob,
  wish: ExecutionPlan | PlanWish,
  place: Workplace<R>,
  work: (open: OpenJob<R>) => Promise<T>,
): Promise<T> {
  const { registry, runtime, tellMemory } = place
  const task = await registry.get('task', job.architecture.task.name)
  const recipe = parseRecipe(job.recipe)
  const plan = 'mode' in wish ? wish : await planTraining(registry, wish, trainedGraph(job, task), recipe.batchSize)
  const engine = await registry.get('engine', plan.engine)
  const watched = tellMemory ? watchMemory(engine, recipe.accumulate, (facts) => tellMemory(facts)) : engine
  const dataset = await openDataset(job, place)
  try {
    return await work({ job, plan, engine: watched, task, dataset, runtime })
  } finally {
    await dataset.close()
  }

  async function openDataset({ data: fingerprint, preprocessing }: TrialJob, { data }: Workplace): Promise<Dataset> {
    const { whileWorking, signal } = runtime
    const opened = await openData(task, data, { preprocessing, whileWorking, signal })
    if (opened.fingerprint === fingerprint) return opened
    await opened.close()
    throw trainingErrors.MNAS_DATA_CHANGED({ folder: data.folder, expected: fingerprint, received: opened.fingerprint })
  }
}
