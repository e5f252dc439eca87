import type { Task } from '../../contracts/index.js'

/**
 * The name of the recipe that a task trains by where none is asked for: `quick`, and for weights that know something `fine-tune` where the task has
 * it.
 */
export function defaultRecipe({ recipes }: Pick<Task, 'recipes'>, from: { readonly knownWeights: boolean }): string {
  return from.knownWeights && Object.hasOwn(recipes, 'fine-tune') ? 'fine-tune' : 'quick'
}
