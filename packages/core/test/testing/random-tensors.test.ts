import { initializeWeights } from '@mnas/core/graph'
import { randomizedStatistics, randomMasks, randomTensors, smallNetworks } from '@mnas/core/testing'
import { expect, it } from 'vitest'

const specs = {
  image: { shape: [2, 3], dtype: 'float32', batched: true },
  count: { shape: [], dtype: 'int32', batched: false },
  pixels: { shape: [5], dtype: 'uint8', batched: true },
  steps: { shape: [5], dtype: 'int8', batched: true },
} as const

it('draws the same tensors for the same seed, others for another', () => {
  const draw = (seed: number) => randomTensors(specs, { batch: 4, seed, low: 0, high: 200 })
  expect(draw(1)).toEqual(draw(1))
  expect(draw(1)).not.toEqual(draw(2))
  expect(draw(1)['image']).toMatchObject({ dtype: 'float32', shape: [4, 2, 3] })
  expect(draw(1)['count']!.shape).toEqual([])
  expect(draw(1)['pixels']!.data).toBeInstanceOf(Uint8Array)
  expect(draw(1)['steps']!.data).toBeInstanceOf(Int8Array)
  expect(Math.max(...draw(1)['image']!.data)).toBeLessThan(200)
})

it('randomises batch norms and nothing else', () => {
  const { model } = smallNetworks().find(({ name }) => name.startsWith('tiny'))!
  const weights = initializeWeights(model, 1)
  const changed = randomizedStatistics(weights, 2)
  expect(Object.keys(changed)).toEqual(Object.keys(weights))
  for (const [name, tensor] of Object.entries(weights)) {
    const isBatchNorm = /\.(gamma|beta|movingMean|movingVariance)$/.test(name)
    expect(
      changed[name]!.data.every((value, i) => value === tensor.data[i]),
      name,
    ).toBe(!isBatchNorm)
    if (name.endsWith('movingVariance')) expect(Math.min(...changed[name]!.data)).toBeGreaterThanOrEqual(0.5)
  }
})

it('draws masks of 0 and 1/(1 − rate) for every dropout', () => {
  const { model, masks } = smallNetworks().find(({ name }) => name === 'perceptron with dropout')!
  expect(Object.keys(masks)).toEqual(['dropped'])
  const drawn = randomMasks(model, { batch: 200, seed: 3 })['dropped']!
  expect(new Set(drawn.data)).toEqual(new Set([0, Math.fround(1 / 0.7)]))
  expect(Array.from(drawn.data).reduce((sum, value) => sum + value, 0) / drawn.data.length).toBeCloseTo(1, 1)
})
