import type { Recipe } from './recipe.js'

/** Of a training that is shorter than its recipe's: what follows must suffice for the rate to fall. */
const largestWarmUpShare = 1 / 4

/**
 * A recipe for another number of epochs. Of fewer than its own at most a quarter are its warm-up: two epochs by a recipe that warms up for two would
 * end at the highest rate.
 * @param epochs at least 1
 */
export function withEpochs(recipe: Recipe, epochs: number): Recipe {
  if (epochs >= recipe.epochs) return { ...recipe, epochs }
  const { learningRate } = recipe
  const warmupEpochs = Math.min(learningRate.warmupEpochs, epochs * largestWarmUpShare)
  return { ...recipe, epochs, learningRate: { ...learningRate, warmupEpochs } }
}
