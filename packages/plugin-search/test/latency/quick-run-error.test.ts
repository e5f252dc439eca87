import type { LatencyMeasurement } from '@mnas/core/contracts'
import { timingOf } from '@mnas/core/measurement'
import { searchLoop } from '@mnas/plugin-search'
import { describe, expect, it } from 'vitest'
import { quickRunError } from '#internal/latency/quick-run-error.js'
import { device, goal, searchOf } from '../support/made-up-search.js'
import { temporaryRuns } from '../support/temporary-runs.js'

const { openStore } = temporaryRuns()
const none = () => []

describe('the error of quick runs', () => {
  it('is what three of four kept that were followed by a full measurement, at most a sixth', () => {
    const pairs = Array.from({ length: 19 }, (_, index) => ({ quickMs: 1, fullMs: 1 - index / 1000 }))
    expect(quickRunError(pairs, none)).toBeCloseTo(0.014, 12)
    expect(
      quickRunError(
        pairs.map(({ fullMs }) => ({ quickMs: 1, fullMs: 2 - fullMs })),
        none,
      ),
    ).toBe(0)
    expect(
      quickRunError(
        pairs.map(() => ({ quickMs: 2, fullMs: 1 })),
        none,
      ),
    ).toBe(1 / 6)
  })

  it('is before that what single processes would have said, and a sixth of devices that time in one', () => {
    const measured = (...mediansMs: number[]): LatencyMeasurement => ({
      latencyMs: 1,
      spread: 0,
      stable: true,
      statistic: 'median',
      processes: mediansMs.map((ms) => timingOf([ms])),
      runtime: { name: 'formula', version: '1', sha256: '' },
      flags: {},
      fingerprint: '',
      before: {},
      after: {},
    })
    const three = [
      { quickMs: 1, fullMs: 1 },
      { quickMs: 1, fullMs: 1 },
      { quickMs: 1, fullMs: 1 },
    ]
    const calibration = [measured(1, 1, 1 / 0.97), measured(1, 1, 1 / 0.97)]
    expect(quickRunError(three, () => calibration)).toBeCloseTo(0.03 + 0.02, 12)
    expect(quickRunError(three, () => [measured(1), measured(1)])).toBe(1 / 6)
  })

  it('is learned in a run from its own measurements', async () => {
    const store = await openStore()
    const { measure } = device()
    const hasty: typeof measure = async (architecture, effort) => {
      const timed = await measure(architecture, effort)
      const { latencyMs } = timed.measurement
      return { ...timed, measurement: { ...timed.measurement, latencyMs: effort === 'quick' ? 1.02 * latencyMs : latencyMs } }
    }
    await searchLoop(searchOf(store, { measure: hasty, goal: { ...goal, width: 0.35, targetMs: 5, trials: 5 } }))
    const pairs = store.latestTimedTwice(3)
    expect(pairs).toHaveLength(3)
    for (const { quickMs, fullMs } of pairs) expect(quickMs / fullMs).toBeCloseTo(1.02, 12)
    expect(quickRunError(store.latestTimedTwice(100), none)).toBeCloseTo(1 - 1 / 1.02, 12)
  })
})
