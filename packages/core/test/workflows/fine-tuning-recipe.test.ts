import { expect, test } from 'vitest'
import { fineTuningRecipe } from '#internal/workflows/training/inherit-weights.js'

const fresh = { learningRate: { base: 0.4, schedule: 'cosine', warmupEpochs: 1 }, epochs: 3 }
const known = { ...fresh, learningRate: { ...fresh.learningRate, head: 5 } }

test("a recipe for fresh weights begins known ones at a tenth of its rate, unless most of the task's head is new", () => {
  const slower = fineTuningRecipe(fresh, { newLayers: 1 })
  expect((slower['learningRate'] as { base: number }).base).toBeCloseTo(0.04, 12)
  expect(slower).toMatchObject({ epochs: 3, learningRate: { schedule: 'cosine' } })
  expect(fineTuningRecipe(fresh, { newLayers: 2 })).toBe(fresh)
})

test('a recipe with a rate of its own for the head is made for known weights', () => {
  expect(fineTuningRecipe(known, { newLayers: 1 })).toBe(known)
})
