import { parseRecipe } from '@mnas/core/training'
import { expect, test } from 'vitest'

const recipe = {
  optimizer: { kind: 'sgd', momentum: 0.9 },
  learningRate: { base: 0.1, schedule: 'cosine', warmupEpochs: 1 },
  epochs: 3,
  batchSize: 32,
  weightDecay: 1e-5,
  average: null,
  batchNormMomentum: 0.99,
  batchNormRecomputation: { images: 1000 },
  augmentation: {},
  loss: {},
}

test('fills defaults and keeps the rest', () => {
  expect(parseRecipe(recipe)).toEqual({ ...recipe, evaluateEveryEpochs: 0, accumulate: 1 })
})

test('names the wrong field', () => {
  expect(() => parseRecipe({ ...recipe, learningRate: { ...recipe.learningRate, schedule: 'cosin' } })).toThrow(
    /learningRate\.schedule/,
  )
  expect(() => parseRecipe({ ...recipe, momentum: 1 })).toThrow(/momentum/)
  expect(() => parseRecipe({ ...recipe, epochs: 0 })).toThrow(/epochs/)
})
