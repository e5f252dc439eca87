import type { BenchmarkOptions, Device, DeviceInfo, DeviceWait, LatencyMeasurement, ModelFile } from '../contracts/index.js'
import { anotherDevice } from './devices/device-differences.js'
import { flagsOf } from './devices/flags-of.js'
import type { MeasurementCache, MeasurementKey } from './measurement-cache.js'

/** A full measurement: the paper's single thread; three processes × 50 runs agree within 5 % on a quiet machine. */
export const fullBenchmark: BenchmarkOptions = { threads: 1, processes: 3, runs: 50, maxSpread: 0.05, flags: {} }
/** A first look at a candidate: one process, few runs; may be off by a sixth. */
export const quickBenchmark: BenchmarkOptions = { ...fullBenchmark, processes: 1, runs: 10 }

const mostRounds = 3

export interface LatencyRequest {
  readonly device: Device
  readonly file: ModelFile
  readonly options: BenchmarkOptions
  /** What the device was when it was opened: a latency of another one is an error. Default: whatever it is now. */
  readonly opened?: DeviceInfo
  /** Answers a stable measurement of at least this effort that is known already, and keeps a new stable one. Without it: always afresh. */
  readonly cache?: MeasurementCache
  /** Called before each round beyond the first, with the spread of the one before. */
  readonly onRepeat?: (spread: number) => void
  /** Told when the device wants to settle first. */
  readonly onWait?: (wait: DeviceWait) => void
}

/**
 * Times a file on a device until its processes agree: up to three rounds, the first stable one counts. Where none is, the one with
 * the least spread is kept and says `stable: false`: a noisy machine is a fact to show, not an error. It is no fact to hand on: the cache holds
 * stable measurements, and one that is not by the gate of today is measured again. Nor does it hold those on inputs that were given: it knows structures
 * and no pictures.
 * @throws MNAS_DEVICE_LOST, MNAS_DEVICES_DIFFERENT, and what the device's benchmark throws
 */
export async function measureLatency(request: LatencyRequest): Promise<LatencyMeasurement> {
  const { device, opened } = request
  const measurement = await knownOrTimed(request)
  // Of the latency itself: while the device cooled down, it may have come back as another one.
  if (opened && measurement.fingerprint !== opened.fingerprint) throw anotherDevice(opened, await device.describe())
  return measurement
}

async function knownOrTimed(request: LatencyRequest): Promise<LatencyMeasurement> {
  const { device, file, options, cache, onRepeat, onWait = () => undefined } = request
  const key = cache && !options.inputs ? await keyOf(device, file, options) : undefined
  const known = key && cache?.get(key, options)
  if (known && known.spread <= options.maxSpread) return { ...known, stable: true }
  const round = async () => {
    await device.settle?.(onWait)
    return device.benchmark(file, options)
  }
  const measurement = await throughSpreadGate(round, options.maxSpread, onRepeat)
  // Of the measurement, not of what was asked: a phone that restarted meanwhile may have another system.
  const { fingerprint, runtime, stable } = measurement
  if (key && stable) cache?.put({ ...key, fingerprint, runtime }, measurement)
  return measurement
}

async function throughSpreadGate(
  round: () => Promise<LatencyMeasurement>,
  maxSpread: number,
  onRepeat: LatencyRequest['onRepeat'],
): Promise<LatencyMeasurement> {
  let best = await round()
  for (let rounds = 1; best.spread > maxSpread && rounds < mostRounds; rounds++) {
    onRepeat?.(best.spread)
    const next = await round()
    if (next.spread < best.spread) best = next
  }
  return { ...best, stable: best.spread <= maxSpread && !best.doubts?.length }
}

async function keyOf(device: Device, file: ModelFile, options: BenchmarkOptions): Promise<MeasurementKey> {
  const { fingerprint, runtime } = await device.describe()
  return { structure: file.structure, fingerprint, runtime, flags: flagsOf(options) }
}
