import type { JsonObject } from '../../contracts/index.js'
import { trainingErrors } from '../errors.js'
import { parseRecipe, type Recipe } from './recipe.js'

/** What a user may change of a recipe from the command line. */
export interface RecipeChanges {
  readonly epochs?: number
  readonly batchSize?: number
  readonly accumulate?: number
  readonly evaluateEveryEpochs?: number
}

/**
 * A task's recipe with the user's changes, its batch no larger than the training split: an incomplete batch is dropped, so a larger one would leave
 * nothing to train on. It accumulates no more batches than an epoch has: the rate is that of so many images, and no update would be from them all.
 * @throws MNAS_TRAIN_RECIPE, MNAS_TRAIN_TOO_FEW_IMAGES
 */
export function fitRecipe(recipe: JsonObject, changes: RecipeChanges, trainingImages: number): Recipe {
  if (trainingImages < 2) throw trainingErrors.MNAS_TRAIN_TOO_FEW_IMAGES({ images: trainingImages })
  const changed = parseRecipe({ ...recipe, ...changes })
  const batchSize = Math.min(changed.batchSize, trainingImages)
  return { ...changed, batchSize, accumulate: Math.min(changed.accumulate, Math.floor(trainingImages / batchSize)) }
}
