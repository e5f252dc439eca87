import type { ProcessTiming } from '@mnas/core/contracts'
import { timingOf } from '@mnas/core/measurement'

/** What a timing run of the driver said; null when it is not one line with as many positive times as were asked for. */
export function parseDriverTiming(output: string, runs: number): ProcessTiming | null {
  const said = parseLine(output)
  const { timesMs, initMs, firstMs, peakBytes } = said ?? {}
  if (!Array.isArray(timesMs) || timesMs.length !== runs || !timesMs.every(isPositive)) return null
  return {
    ...timingOf(timesMs),
    ...(isPositive(initMs) && { initMs }),
    ...(isPositive(firstMs) && { firstMs }),
    ...(isPositive(peakBytes) && { peakBytes }),
  }
}

/** Why a run failed, by its own account. */
export function parseDriverError(output: string): string | null {
  const error = parseLine(output)?.['error']
  return typeof error === 'string' ? error : null
}

function parseLine(output: string): Readonly<Record<string, unknown>> | null {
  const lines = output.split(/\r?\n/).filter((line) => line.startsWith('{'))
  if (lines.length !== 1) return null
  try {
    const value: unknown = JSON.parse(lines[0] ?? '')
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : null
  } catch {
    return null
  }
}

const isPositive = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value > 0
