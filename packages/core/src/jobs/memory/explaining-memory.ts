import type { TrainingEngine, TrialJob } from '../../contracts/index.js'
import { parseRecipe } from '../../training/recipe.js'
import { explainMemory, factsOf } from './out-of-memory.js'
import { watchMemory } from './watch-memory.js'

/** Work with an engine in this process, whose failed allocations become MNAS_TRAIN_MEMORY. Nothing helps where the system kills. */
export async function explainingMemory<T>(
  engine: TrainingEngine,
  job: TrialJob,
  work: (engine: TrainingEngine) => Promise<T>,
): Promise<T> {
  let facts = factsOf(job)
  const tell = (newer: typeof facts) => {
    facts = newer
  }
  try {
    return await work(watchMemory(engine, parseRecipe(job.recipe).accumulate, tell))
  } catch (error) {
    throw explainMemory(error, facts)
  }
}
