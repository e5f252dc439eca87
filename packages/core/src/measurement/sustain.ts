import type { BenchmarkOptions, Device, DeviceWait, Doubt, JsonObject, ModelFile } from '../contracts/index.js'
import { median } from './summarize.js'

/** One of the processes that follow each other in a sustained measurement. */
export interface SustainedPoint {
  /** When it began. */
  readonly atSeconds: number
  readonly latencyMs: number
  /** Of the device behind it. */
  readonly state: JsonObject
}

/** What becomes of a latency when the model runs on and on. */
export interface Sustained {
  /** How long it ran. */
  readonly seconds: number
  readonly points: readonly SustainedPoint[]
  /** Medians of the first and of the last tenth of the points. */
  readonly firstMs: number
  readonly lastMs: number
  /** lastMs / firstMs − 1 */
  readonly slowdown: number
  readonly throttled: boolean
  /** Of all points. */
  readonly doubts: readonly Doubt[]
}

export interface SustainedRequest {
  readonly device: Device
  readonly file: ModelFile
  /** `threads` and `flags` count. */
  readonly options: BenchmarkOptions
  readonly seconds: number
  /** Told when the device wants to be cool at the beginning. */
  readonly onWait?: (wait: DeviceWait) => void
  readonly onPoint?: (point: SustainedPoint) => void
  /** Milliseconds. */
  readonly now?: () => number
}

/** So many points at least in the time, each of no more than so many seconds: short enough to see a change, long enough to keep a device warm. */
const points = 30
const longestSeconds = 10
const fewestRuns = 10
const mostRuns = 10_000
/** The gate of a measurement: what differs by less is noise. */
const slower = 0.05

/**
 * Times a model in processes that follow each other without a pause, until the time is over: what a device does in the first seconds it need not
 * do in the tenth minute. Between two processes it rests for as long as starting one takes.
 * @throws what the device's benchmark throws
 */
export async function sustain(request: SustainedRequest): Promise<Sustained> {
  const { device, file, options, seconds, onWait = () => undefined, onPoint, now = () => performance.now() } = request
  await device.settle?.(onWait)
  const start = now()
  const elapsed = () => (now() - start) / 1000
  const found: SustainedPoint[] = []
  const doubts = new Set<Doubt>()
  let runs = fewestRuns
  do {
    const atSeconds = elapsed()
    const measured = await device.benchmark(file, { ...options, processes: 1, runs })
    const { latencyMs, after: state } = measured
    for (const doubt of measured.doubts ?? []) doubts.add(doubt)
    const point = { atSeconds, latencyMs, state }
    found.push(point)
    onPoint?.(point)
    const wanted = (1000 * Math.min(seconds / points, longestSeconds)) / latencyMs
    runs = Math.min(mostRuns, Math.max(fewestRuns, Math.ceil(wanted)))
  } while (elapsed() < seconds)
  return { seconds: elapsed(), points: found, ...changeOf(found.map(({ latencyMs }) => latencyMs)), doubts: [...doubts] }
}

function changeOf(latenciesMs: readonly number[]): Pick<Sustained, 'firstMs' | 'lastMs' | 'slowdown' | 'throttled'> {
  const tenth = Math.ceil(latenciesMs.length / 10)
  const [firstMs, lastMs] = [median(latenciesMs.slice(0, tenth)), median(latenciesMs.slice(-tenth))]
  const slowdown = lastMs / firstMs - 1
  return { firstMs, lastMs, slowdown, throttled: slowdown > slower }
}
