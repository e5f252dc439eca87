import { epochsWithin, measurePace, secondsOfEpochs, type TrainingPace } from '@mnas/core/training'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fakeTraining, temporaryFolder } from './support/fake-training.js'

const pace: TrainingPace = {
  secondsPerBatch: 0.2,
  secondsPerInference: 0.1,
  batchesPerEpoch: 50,
  batchesPerEvaluation: 40,
  batchesAtEnd: 10,
  evaluateEveryEpochs: 5,
}

test('counts epochs, evaluations and the end', () => {
  // ten epochs: 10 · 10 s + 2 · 4 s + 1 s = 109 s
  expect(epochsWithin(109 / 0.95 + 0.01, pace)).toBe(10)
  expect(epochsWithin(109 / 0.95 - 0.01, pace)).toBe(9)
  expect(epochsWithin(105 / 0.95 + 0.01, { ...pace, evaluateEveryEpochs: 0 })).toBe(10)
  expect(epochsWithin(0, pace)).toBe(1)
  expect(epochsWithin(1e9, pace)).toBe(400)
})

test('one epoch, its evaluation and the end take so long', () => {
  expect(secondsOfEpochs(1, pace)).toBeCloseTo((10 + 4 + 1) / 0.95, 10)
})

test('more time is never fewer epochs', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 0, max: 10_000 }), (one, other) => {
      expect(epochsWithin(Math.max(one, other), pace)).toBeGreaterThanOrEqual(epochsWithin(Math.min(one, other), pace))
    }),
  )
})

test('the pace is that of real steps, and what an epoch and an evaluation hold', async () => {
  const recipe = { batchNormRecomputation: { images: 5 } } as unknown as Record<string, number>
  const { setup, calls } = fakeTraining({ epochs: 1, perEpoch: 7, recipe, folder: await temporaryFolder() })
  const measured = await measurePace(setup)
  expect(calls.length).toBeGreaterThanOrEqual(6)
  expect(calls.every(({ learningRate }) => learningRate === 0)).toBe(true)
  expect(measured).toMatchObject({ batchesPerEpoch: 7, batchesPerEvaluation: 7 + 3, batchesAtEnd: 7, evaluateEveryEpochs: 0 })
  expect(measured.secondsPerBatch).toBeGreaterThanOrEqual(0)
})
