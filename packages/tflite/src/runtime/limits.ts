/** What the process of one model may use. */
export interface RuntimeLimits {
  /** Reading, checking and preparing the file. */
  readonly loadMs: number
  /** One inference. */
  readonly inferMs: number
  /** One call of timeMs: warm-up and all timed runs. */
  readonly timeMs: number
  /** Resident memory, all of it: watched on Linux, where a process is stopped above it. */
  readonly memoryBytes: number
  /** JavaScript heap: the tensors that pass through. */
  readonly heapMegabytes: number
}

/** Ten times what the largest network of the family needs on a slow computer. */
export const defaultLimits: RuntimeLimits = {
  loadMs: 60_000,
  inferMs: 60_000,
  timeMs: 600_000,
  memoryBytes: 4 * 2 ** 30,
  heapMegabytes: 1024,
}
