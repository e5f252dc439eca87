import { fitRecipe } from '../../../training/index.js'
import { check } from '../check.js'
import type { TaskBench } from './task-bench.js'

/** The schema throws at what is wrong with a recipe. */
export async function checkRecipes({ task, dataset }: TaskBench): Promise<void> {
  for (const [name, recipe] of Object.entries(task.recipes)) {
    const { batchSize } = fitRecipe(recipe, {}, dataset.size('train'))
    check(batchSize >= 2, `batch of recipe "${name}"`, 'at least 2', `${batchSize}`)
  }
}
