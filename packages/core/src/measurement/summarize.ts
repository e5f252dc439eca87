import type { LatencyMeasurement, ProcessTiming } from '../contracts/index.js'
import { coreErrors } from '../errors/index.js'

export type Summary = Pick<LatencyMeasurement, 'latencyMs' | 'spread' | 'statistic'>

/**
 * One number out of several fresh processes. Medians, because minima of fresh processes differ by 10 % and medians by 2–5 % (a process keeps the
 * memory layout it was born with); means where a tool gives no medians.
 *
 *   latency = median of the processes' middles      spread = (largest − smallest) / latency; 0 for a single process
 *
 * @param processes at least one
 */
export function summarize(processes: readonly ProcessTiming[]): Summary {
  const medians = processes.flatMap(({ medianMs }) => (medianMs === null ? [] : [medianMs]))
  const statistic = medians.length === processes.length ? 'median' : 'mean'
  const middles = statistic === 'median' ? medians : processes.map(({ meanMs }) => meanMs)
  const latencyMs = median(middles)
  return { latencyMs, spread: (Math.max(...middles) - Math.min(...middles)) / latencyMs, statistic }
}

/** What the runs of one process come to. @param samplesMs of each run, at least one */
export function timingOf(samplesMs: readonly number[]): ProcessTiming {
  const medianMs = median(samplesMs)
  const count = samplesMs.length
  const meanMs = samplesMs.reduce((sum, sample) => sum + sample, 0) / count
  const variance = samplesMs.reduce((sum, sample) => sum + (sample - meanMs) ** 2, 0) / count
  const [minMs, maxMs] = [samplesMs.reduce((a, b) => Math.min(a, b)), samplesMs.reduce((a, b) => Math.max(a, b))]
  return { count, medianMs, meanMs, minMs, maxMs, stdMs: Math.sqrt(variance), samplesMs }
}

/** The runs of all processes together. A share is of the runs in order: the first that so many are not slower than. */
export interface RunsOfAll {
  readonly count: number
  readonly minMs: number
  /** null where a tool gives no runs. */
  readonly p90Ms: number | null
  readonly p99Ms: number | null
}

/** @param processes at least one */
export function runsOf(processes: readonly ProcessTiming[]): RunsOfAll {
  const samples = processes.flatMap(({ samplesMs }) => samplesMs ?? []).toSorted((a, b) => a - b)
  const all = processes.every(({ samplesMs }) => samplesMs !== undefined)
  const within = (share: number) => (all ? samples[Math.max(0, Math.ceil(share * samples.length) - 1)]! : null)
  return {
    count: processes.reduce((sum, { count }) => sum + count, 0),
    minMs: processes.reduce((least, { minMs }) => Math.min(least, minMs), Number.POSITIVE_INFINITY),
    p90Ms: within(0.9),
    p99Ms: within(0.99),
  }
}

/** The middle value, or the mean of the two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[sorted.length >> 1]
  const lower = sorted[(sorted.length - 1) >> 1]
  if (upper === undefined || lower === undefined)
    throw coreErrors.MNAS_INTERNAL({ what: 'the median of no samples was asked for' })
  return (lower + upper) / 2
}
