import type { BenchmarkOptions, JsonObject } from '../../contracts/index.js'

/** All of the options that move the latency: what a measurement's `flags` hold. */
export function flagsOf({ threads, flags }: Pick<BenchmarkOptions, 'threads' | 'flags'>): JsonObject {
  return { threads, ...flags }
}
