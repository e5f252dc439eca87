export {
  bestWeightsFile,
  type Checkpoint,
  checkpointFile,
  epochSchema,
  mostCheckpointsKept,
  planSchema,
} from './checkpoints/checkpoint.js'
export { loadCheckpoint, loadCheckpointRecord, readCheckpoint } from './checkpoints/load-checkpoint.js'
export { isDamage, isMissing } from './checkpoints/read-failures.js'
export { deleteCheckpoints, saveCheckpoint } from './checkpoints/save-checkpoint.js'
export { trainedGraph } from './compile-training.js'
export { trainingErrors } from './errors.js'
export { type BatchSource, evaluateSplit, recomputeBatchNorm } from './evaluation/evaluate.js'
export { whenNotFinite } from './evaluation/metric-not-finite.js'
export { primaryMetric } from './evaluation/primary-metric.js'
export { targetsOf } from './evaluation/targets-of.js'
export { withInference } from './evaluation/with-inference.js'
export { frozenParameters, parseStages } from './frozen-stages.js'
export { epochsWithin, mostTimedEpochs, secondsOfEpochs, type TrainingPace } from './pace/epochs-within.js'
export { measurePace } from './pace/measure-pace.js'
export { randomInputs, seedOf } from './random-inputs.js'
export { defaultRecipe } from './recipes/default-recipe.js'
export { fitRecipe, type RecipeChanges } from './recipes/fit-recipe.js'
export { averageDecayAt, learningRateAt, type Schedule } from './recipes/learning-rate.js'
export { loadRecipe, mergeRecipe } from './recipes/load-recipe.js'
export { parseRecipe, type Recipe, recipeSchema } from './recipes/recipe.js'
export { withEpochs } from './recipes/with-epochs.js'
export type { BatchRuntime, CheckpointRhythm, Runtime } from './runtime.js'
export { type TrainingResult, trainModel } from './train-model.js'
export type { OpenJob, TrainingSetup } from './training.js'
