import type { LatencyMeasurement } from '../contracts/index.js'

/** A latency for people: `41.27 ms (spread 2.1 %)`, with what makes it less than a fact: unstable, emulated. */
export function formatLatency(
  { latencyMs, spread, stable }: Pick<LatencyMeasurement, 'latencyMs' | 'spread' | 'stable'>,
  emulated: boolean,
): string {
  const doubts = [...(stable ? [] : ['UNSTABLE: the machine was busy, measure again']), ...(emulated ? ['emulated'] : [])]
  const remarks = [`spread ${(100 * spread).toFixed(1)} %`, ...doubts].join('; ')
  return `${latencyMs.toFixed(latencyMs < 10 ? 3 : 2)} ms (${remarks})`
}
