import { describeLabels } from '@mnas/core/data'
import { expect, it } from 'vitest'

const labels = (count: number) => Array.from({ length: count }, (_, index) => `c${index}`)

it('names all labels of a few, and of many how many there are besides', () => {
  expect(describeLabels(labels(8))).toBe('c0, c1, c2, c3, c4, c5, c6, c7')
  expect(describeLabels(labels(10))).toBe('c0, c1, c2, c3, c4, c5, c6, c7 and 2 more')
})
