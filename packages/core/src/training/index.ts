export {
  bestWeightsFile,
  type Checkpoint,
  checkpointFile,
  deleteCheckpoints,
  type EpochRecord,
  loadCheckpoint,
  mostCheckpointsKept,
  readCheckpoint,
  saveCheckpoint,
} from './checkpoint.js'
export { trainedGraph } from './compile-training.js'
export { epochsWithin, type TrainingPace } from './epochs-within.js'
export { trainingErrors } from './errors.js'
export { type BatchSource, evaluateSplit, recomputeBatchNorm } from './evaluate.js'
export { fitRecipe, type RecipeChanges } from './fit-recipe.js'
export { frozenParameters, parseStages } from './frozen-stages.js'
export { averageDecayAt, learningRateAt, type Schedule } from './learning-rate.js'
export { loadRecipe, mergeRecipe } from './load-recipe.js'
export { measurePace } from './measure-pace.js'
export { primaryMetric } from './primary-metric.js'
export { randomInputs, seedOf } from './random-inputs.js'
export { parseRecipe, type Recipe, recipeSchema } from './recipe.js'
export { targetsOf } from './targets-of.js'
export { type TrainingResult, trainModel } from './train-model.js'
export type { TrainingProgress, TrainingSetup } from './training.js'
export { withInference } from './with-inference.js'
