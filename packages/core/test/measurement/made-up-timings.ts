import type { BenchmarkOptions, LatencyMeasurement, ProcessTiming } from '@mnas/core/contracts'
import { flagsOf, summarize } from '@mnas/core/measurement'

export const runtime = { name: 'fake', version: '1', sha256: 'a'.repeat(64) }

export function measured(processes: readonly ProcessTiming[], options: BenchmarkOptions): LatencyMeasurement {
  const summary = summarize(processes)
  const stable = summary.spread <= options.maxSpread
  return { ...summary, stable, processes, runtime, flags: flagsOf(options), fingerprint: 'f', before: {}, after: {} }
}

/** A summary as benchmark_model prints it: no samples, and no median in older builds. */
export const told = (meanMs: number, medianMs: number | null = null): ProcessTiming => {
  return { count: 200, medianMs, meanMs, minMs: meanMs - 1, maxMs: meanMs + 1, stdMs: 0.1 }
}
