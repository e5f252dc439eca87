import type { BenchmarkOptions, Hash, JsonObject, LatencyMeasurement, ProcessTiming, RuntimeInfo } from '../contracts/index.js'
import { flagsOf } from './devices/flags-of.js'
import { summarize, timingOf } from './summarize.js'

/** What a device knows of a measurement besides its times. */
export interface TimedDevice {
  readonly runtime: RuntimeInfo
  readonly fingerprint: Hash
  /** What changes from minute to minute and explains an unstable measurement: load, frequency, temperature. Asked before and after. */
  state(): Promise<JsonObject>
  readonly signal: AbortSignal
}

/**
 * One round of `Device.benchmark`: fresh processes one after the other, and what they come to. A device writes only what one process is.
 * @param timeOnce times the model in one fresh process: the time of each run, or the summary that a tool gives
 * @throws the signal's reason between two processes, and what `timeOnce` throws
 */
export async function measureInProcesses(
  options: BenchmarkOptions,
  { runtime, fingerprint, state, signal }: TimedDevice,
  timeOnce: () => Promise<readonly number[] | ProcessTiming>,
): Promise<LatencyMeasurement> {
  const before = await state()
  const processes: ProcessTiming[] = []
  for (let process = 0; process < options.processes; process++) {
    signal.throwIfAborted()
    const timed = await timeOnce()
    processes.push('count' in timed ? timed : timingOf(timed))
  }
  const { latencyMs, spread, statistic } = summarize(processes)
  const stable = spread <= options.maxSpread
  const after = await state()
  return { latencyMs, spread, stable, statistic, processes, runtime, flags: flagsOf(options), fingerprint, before, after }
}
