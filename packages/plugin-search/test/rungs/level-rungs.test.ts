import { describe, expect, it } from 'vitest'
import { levelRungs } from '#internal/strategies/model/level-rungs.js'

const climb = (...ys: readonly (number | undefined)[]) => ({
  rungs: new Map(ys.flatMap((y, rung) => (y === undefined ? [] : [[rung, y] as const]))),
})

describe('what networks are worth at different rungs', () => {
  it('is shifted by the mean difference of those that have both', () => {
    const ys = levelRungs([climb(0.2), climb(0.3, 0.5), climb(0.4, 0.5)])
    expect(ys[0]).toBeCloseTo(0.35, 12)
    expect(ys.slice(1)).toEqual([0.5, 0.5])
  })

  it('is shifted step by step to the highest rung that any has reached', () => {
    const ys = levelRungs([climb(0.1), climb(0.2, 0.4), climb(0.3, 0.4, 0.7), climb(undefined, 0.5, 0.6)])
    const [first, second] = [(0.2 + 0.1) / 2, (0.3 + 0.1) / 2]
    expect(ys[0]).toBeCloseTo(0.1 + first + second, 12)
    expect(ys[1]).toBeCloseTo(0.4 + second, 12)
    expect(ys.slice(2)).toEqual([0.7, 0.6])
  })

  it('is left as it is where there is one rung, or nobody has gone a step', () => {
    expect(levelRungs([climb(0.1), climb(0.2)])).toEqual([0.1, 0.2])
    expect(levelRungs([climb(0.1), climb(undefined, 0.2)])).toEqual([0.1, 0.2])
    expect(levelRungs([])).toEqual([])
  })
})
