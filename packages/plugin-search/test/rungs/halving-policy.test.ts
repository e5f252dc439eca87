import type { BoardEntry, SearchGoal } from '@mnas/core/contracts'
import { rungPolicyConformance } from '@mnas/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import hard from '#internal/objectives/hard-objective.js'
import halving from '#internal/rungs/halving-policy.js'
import { rungOrder } from '#internal/rungs/rung-order.js'
import { factsAt, fidelity } from '../support/made-up-trials.js'

const objective = hard.create({ targetMs: 10, metric: 'top1', limits: {} })
const best: SearchGoal = { kind: 'best', objective }
const front: SearchGoal = { kind: 'front', objective, rangeMs: [2, 10], objectiveAt: () => objective }
const policy = halving.create({ fidelities: [fidelity, fidelity, fidelity], eta: 3 })

const entry = (
  trial: number,
  qualities: readonly number[],
  state: BoardEntry['state'] = 'paused',
  latencyMs = 5,
): BoardEntry => ({
  trial,
  facts: factsAt(latencyMs),
  estimates: qualities.map((top1) => ({ metrics: { top1 }, fidelity })),
  state,
})
const paused = (...qualities: readonly number[]) => qualities.map((quality, index) => entry(index + 1, [quality]))

describe('the rung policy "halving" is one', () => {
  for (const { name, run } of rungPolicyConformance(halving)) it(name, run)
})

describe('successive halving', () => {
  it('asks until one in eta may go on, then sends the best on', () => {
    expect(policy.next(paused(0.2, 0.4), best, true)).toBe('ask')
    expect(policy.next(paused(0.2, 0.4, 0.3), best, true)).toEqual({ promote: 2 })
    expect(policy.next([...paused(0.2), entry(2, [0.4], 'running'), entry(3, [0.3])], best, true)).toBe('ask')
  })

  it('looks at the highest rung first', () => {
    const high = [4, 5, 6].map((trial) => entry(trial, [0.9, 0.9 + trial / 100]))
    expect(policy.next([...paused(0.1, 0.2, 0.3), ...high], best, true)).toEqual({ promote: 6 })
  })

  it('brings the best of a few to the top when nothing more can be asked, once all that runs has ended', () => {
    expect(policy.next([...paused(0.2), entry(2, [], 'running')], best, false)).toBe('wait')
    expect(policy.next(paused(0.2, 0.4), best, false)).toEqual({ promote: 2 })
    expect(policy.next([entry(1, [0.2]), entry(2, [0.4, 0.5])], best, false)).toEqual({ promote: 2 })
    expect(policy.next([entry(1, [0.2]), entry(2, [0.4, 0.5, 0.6], 'ended')], best, false)).toBe('wait')
  })

  it('sends the next best on when the best has failed above', () => {
    expect(policy.next([entry(1, [0.2]), entry(2, [0.4], 'ended')], best, false)).toEqual({ promote: 1 })
  })

  it('stops who would not go on if as many again came and were worse', () => {
    const gone = [entry(7, [0.9], 'running'), entry(8, [0.8], 'running')]
    expect(policy.next([...paused(0.1, 0.2, 0.3, 0.4), ...gone], best, true)).toEqual({ stop: 1 })
    expect(policy.next([...paused(0.1, 0.2), ...gone], best, true)).toBe('ask')
  })

  it('orders a front by ranks, and in a rank by what would be lost without each', () => {
    const entries = [
      entry(1, [0.5], 'paused', 3),
      entry(2, [0.52], 'paused', 4),
      entry(3, [0.8], 'paused', 5),
      entry(4, [0.4], 'paused', 6),
    ]
    expect(rungOrder(entries, front, 0).map(({ trial }) => trial)).toEqual([3, 1, 2, 4])
    expect(rungOrder(entries, best, 0).map(({ trial }) => trial)).toEqual([3, 2, 1, 4])
  })

  it('orders each entry once, whatever was found of it', () => {
    const quality = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constant(Number.NaN))
    const found = fc.array(fc.tuple(quality, fc.double({ min: 1, max: 12, noNaN: true })), { maxLength: 20 })
    fc.assert(
      fc.property(found, fc.boolean(), (all, isFront) => {
        const entries = all.map(([value, latencyMs], index) => entry(index + 1, [value], 'paused', latencyMs))
        const order = rungOrder(entries, isFront ? front : best, 0)
        expect(new Set(order)).toEqual(new Set(entries))
        expect(order).toHaveLength(entries.length)
      }),
    )
  })
})
