import type { LatencyAccuracy } from '../latency/latency-accuracy.js'

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

/** How well latencies are foretold, in one line. */
export function formatAccuracy({ networks, meanError, worstError, margin }: LatencyAccuracy): string {
  const errors = `mean error ${percent(meanError)}, worst ${percent(worstError)}`
  return `${networks} networks, each foretold by the others: ${errors}; margin of estimates ${percent(margin)}`
}
