import { type Algebra, updateRuleOf } from '@mnas/core/graph'
import { describe, expect, it } from 'vitest'

const numbers: Algebra<number> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  squareRoot: Math.sqrt,
}
const common = { weightDecay: 0, average: false }
const site = { weights: 1, gradient: 0.5, learningRate: 0.1 }

describe('update rules, by hand', () => {
  it('SGD: the velocity gathers gradients, the rate stands outside', () => {
    const rule = updateRuleOf({ kind: 'sgd', momentum: 0.9, ...common })
    expect(rule.slots).toEqual([{ name: 'momentum', initial: 0 }])
    const { weights, slots } = rule.update(numbers, { ...site, slots: [2] })
    expect(slots[0]).toBeCloseTo(0.9 * 2 + 0.5, 15)
    expect(weights).toBeCloseTo(1 - 0.1 * 2.3, 15)
  })

  it('RMSProp: a mean square that starts at 1, ε inside the root, the rate inside the momentum', () => {
    const rule = updateRuleOf({ kind: 'rmsprop', decay: 0.8, momentum: 0.9, epsilon: 0.02, ...common })
    expect(rule.slots).toEqual([
      { name: 'momentum', initial: 0 },
      { name: 'meanSquare', initial: 1 },
    ])
    const { weights, slots } = rule.update(numbers, { ...site, slots: [0.2, 1] })
    const meanSquare = 0.8 * 1 + 0.2 * 0.25
    const change = 0.9 * 0.2 + (0.1 * 0.5) / Math.sqrt(meanSquare + 0.02)
    expect(slots[0]).toBeCloseTo(change, 15)
    expect(slots[1]).toBeCloseTo(meanSquare, 15)
    expect(weights).toBeCloseTo(1 - change, 15)
  })
})
