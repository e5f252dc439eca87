import type { Decision } from '@mnas/core/contracts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decisionEffects } from '#internal/report/data/decision-effects.js'

const decisions: readonly Decision[] = [
  { name: 'kernel', choices: [3, 5] },
  { name: 'skip', choices: ['none', 'identity', 'pool'] },
  { name: 'same', choices: [1, 2] },
]

describe('what decisions do to the reward', () => {
  it('is the sum of squares between their choices over the whole, by hand', () => {
    const rewarded = [
      { genome: [0, 0, 0], reward: 1 },
      { genome: [0, 2, 0], reward: 3 },
      { genome: [1, 0, 0], reward: 5 },
      { genome: [1, 2, 0], reward: 7 },
    ]
    // Mean 4, total 9 + 1 + 1 + 9; kernel 2 · (2² + 2²), skip 2 · (1 + 1).
    expect(decisionEffects(decisions, rewarded)).toEqual([
      {
        ...{ name: 'kernel', share: 16 / 20, chance: 1 / 3 },
        choices: [
          { choice: '3', trials: 2, mean: 2 },
          { choice: '5', trials: 2, mean: 6 },
        ],
      },
      {
        ...{ name: 'skip', share: 4 / 20, chance: 1 / 3 },
        choices: [
          { choice: 'none', trials: 2, mean: 3 },
          { choice: 'pool', trials: 2, mean: 5 },
        ],
      },
    ])
  })

  it('says nothing of rewards that are all equal, or none', () => {
    expect(decisionEffects(decisions, [])).toEqual([])
    const equal = [0, 1].map((gene) => ({ genome: [gene, 0, 0], reward: 0.5 }))
    expect(decisionEffects(decisions, equal)).toEqual([])
  })

  it('lies between 0 and 1 and does not depend on unit or order', () => {
    const rewarded = fc.record({ genome: fc.tuple(fc.nat(1), fc.nat(2), fc.nat(1)), reward: fc.integer({ min: -9, max: 9 }) })
    fc.assert(
      fc.property(fc.array(rewarded, { minLength: 2, maxLength: 12 }), (trained) => {
        const effects = decisionEffects(decisions, trained)
        for (const { share } of effects) expect(share >= 0 && share <= 1).toBe(true)
        const other = trained.toReversed().map(({ genome, reward }) => ({ genome, reward: 2 * reward + 3 }))
        const shares = (of: typeof effects) => new Map(of.map(({ name, share }) => [name, share]))
        const others = shares(decisionEffects(decisions, other))
        expect([...others.keys()].sort()).toEqual([...shares(effects).keys()].sort())
        for (const [name, share] of shares(effects)) expect(others.get(name)).toBeCloseTo(share, 9)
      }),
    )
  })
})
