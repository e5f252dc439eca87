import { randomInputs } from '@mnas/core/training'
import { expect, test } from 'vitest'

const specs = { dropout: { shape: [50], dtype: 'float32', batched: true, rate: 0.2 } } as const

test('masks are 0 or 1/(1 − rate) at the stated rate', () => {
  const { dropout } = randomInputs(specs, 64, 1, 0)
  expect(dropout?.shape).toEqual([64, 50])
  const values = [...(dropout?.data ?? [])]
  expect(new Set(values)).toEqual(new Set([0, 1.25]))
  const dropped = values.filter((value) => value === 0).length / values.length
  expect(dropped).toBeGreaterThan(0.17)
  expect(dropped).toBeLessThan(0.23)
})

test('a pure function of seed, step and name', () => {
  const draw = (seed: number, step: number) => randomInputs(specs, 8, seed, step)['dropout']?.data
  expect(draw(1, 5)).toEqual(draw(1, 5))
  expect(draw(1, 5)).not.toEqual(draw(1, 6))
  expect(draw(1, 5)).not.toEqual(draw(2, 5))
})
