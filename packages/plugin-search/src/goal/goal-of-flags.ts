import { parsePrecisions } from '@mnas/core/deployment'
import type { GoalFlags } from './goal-flags.js'
import { parseLatencyRange } from './parse-latency-range.js'
import { parseWidth } from './parse-width.js'

/** What the flags that all searches share ask for. @throws MNAS_SEARCH_RANGE, MNAS_SEARCH_WIDTH */
export function goalOfFlags(flags: GoalFlags) {
  const limits = { parameters: flags['max-params'], sizeBytes: flags['max-size'], peakMemoryBytes: flags['max-memory'] }
  return {
    size: flags.size,
    targetMs: flags['target-latency'] ?? null,
    rangeMs: flags['latency-range'] === undefined ? null : parseLatencyRange(flags['latency-range']),
    precision: parsePrecisions(flags.quantize)[0],
    limits: definedOnly(limits),
    space: flags.space,
    strategy: flags.strategy,
    strategyOptions: flags['strategy-option'],
    objective: flags.objective,
    width: parseWidth(flags.width),
  }
}

/** How rungs are decided. */
export const rungsOfFlags = (flags: GoalFlags) => ({ eta: flags['rung-eta'] ?? 3, policy: flags['rung-policy'] ?? 'halving' })

/** Without the fields that nobody stated. */
export function definedOnly<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>
  }
}
