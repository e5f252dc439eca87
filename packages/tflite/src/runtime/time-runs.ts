const nanosecondsPerMs = 1e6
const warmUp = { runs: 10, ms: 100, longestMs: 2000 } as const

/** A model as it is timed. */
export interface TimedModel {
  /** What is timed. */
  invoke(): Promise<void> | void
  /** Before each run, untimed. Default: nothing. */
  readonly prepare?: ((run: number) => void) | undefined
}

/**
 * Milliseconds of each of `runs` runs. Before them it warms up (caches, lazily prepared kernels, processor frequency): at least 10 runs and
 * 100 ms, but after 2 s of a slow model no more.
 */
export async function timeRuns({ invoke, prepare }: TimedModel, runs: number): Promise<readonly number[]> {
  const start = process.hrtime.bigint()
  const elapsedMs = () => millisecondsSince(start)
  for (let run = 0; (run < warmUp.runs || elapsedMs() < warmUp.ms) && elapsedMs() < warmUp.longestMs; run++) {
    prepare?.(run)
    await invoke()
  }
  const timesMs: number[] = []
  for (let run = 0; run < runs; run++) {
    prepare?.(run)
    const before = process.hrtime.bigint()
    const pending = invoke()
    if (pending) await pending
    timesMs.push(millisecondsSince(before))
  }
  return timesMs
}

const millisecondsSince = (start: bigint) => Number(process.hrtime.bigint() - start) / nanosecondsPerMs
