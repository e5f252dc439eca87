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

test("takes Nesterov's momentum and a rate for the head, and leaves out what is not said", () => {
  const said = {
    ...recipe,
    optimizer: { kind: 'sgd', momentum: 0.9, nesterov: true },
    learningRate: { ...recipe.learningRate, head: 5 },
  }
  expect(parseRecipe(said)).toMatchObject({ optimizer: said.optimizer, learningRate: said.learningRate })
  expect(parseRecipe(recipe).learningRate).toEqual(recipe.learningRate)
  expect(() => parseRecipe({ ...recipe, learningRate: { ...recipe.learningRate, head: 0 } })).toThrow(/learningRate\.head/)
})

test('names the wrong field', () => {
  expect(() => parseRecipe({ ...recipe, learningRate: { ...recipe.learningRate, schedule: 'cosin' } })).toThrow(
    /learningRate\.schedule/,
  )
  expect(() => parseRecipe({ ...recipe, momentum: 1 })).toThrow(/momentum/)
  expect(() => parseRecipe({ ...recipe, epochs: 0 })).toThrow(/epochs/)
})
