import { coreErrors } from '../errors/index.js'

export interface Summary {
  /** Median of the process medians. */
  readonly latencyMs: number
  /** (max − min) / median of the process medians; 0 for a single process. */
  readonly spread: number
}

/**
 * One number out of the samples of several fresh processes. Medians, because minima of fresh processes differ by 10 % and medians by 2–5 %
 * (a process keeps the memory layout it was born with).
 * @param samplesMs one list per process, in milliseconds, none of them empty
 */
export function summarize(samplesMs: readonly (readonly number[])[]): Summary {
  const medians = samplesMs.map(median)
  const latencyMs = median(medians)
  return { latencyMs, spread: (Math.max(...medians) - Math.min(...medians)) / latencyMs }
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
