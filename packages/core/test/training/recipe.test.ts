import { fitRecipe, learningRateAt, parseRecipe, withEpochs } from '@mnas/core/training'
import { describe, expect, test } from 'vitest'

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

test('accumulates no more batches than an epoch has, since the rate is scaled by them', () => {
  const of = (images: number, accumulate: number) => {
    const fitted = fitRecipe(recipe, { accumulate }, images)
    return [fitted.batchSize, fitted.accumulate]
  }
  expect(of(320, 8)).toEqual([32, 8])
  expect(of(80, 8)).toEqual([32, 2])
  expect(of(10, 8)).toEqual([10, 1])
})

describe('withEpochs', () => {
  const warming = (warmupEpochs: number, epochs: number) =>
    parseRecipe({ ...recipe, epochs, learningRate: { ...recipe.learningRate, warmupEpochs } })

  test('leaves a shorter training three quarters in which the rate falls', () => {
    expect(withEpochs(warming(2, 60), 2)).toEqual(warming(0.5, 2))
    expect(withEpochs(warming(2, 60), 8)).toEqual(warming(2, 8))
    const schedule = { recipe: withEpochs(warming(2, 60), 2), stepsPerEpoch: 100, epochs: 2 }
    expect(learningRateAt(schedule, 199)).toBeLessThan(0.01 * learningRateAt(schedule, 50))
  })

  test('changes no warm-up of as many epochs as the recipe has, or more', () => {
    expect(withEpochs(warming(2, 3), 3)).toEqual(warming(2, 3))
    expect(withEpochs(warming(2, 3), 5)).toEqual(warming(2, 5))
  })
})
