import type { Check } from '../check.js'
import type { Hash, JsonObject } from '../json.js'
import type { Surroundings } from '../surroundings.js'
import type { Tensors } from '../tensor.js'
import type { AskedFile, ModelFile } from './exporter.js'
import type { BenchmarkOptions, ModelRuntime, RuntimeInfo } from './model-runtime.js'
import type { Option, OptionValues } from './option.js'

/** One fresh process that timed a model. A foreign tool may give no more than a summary. All in milliseconds, more than 0. */
export interface ProcessTiming {
  /** Timed runs, without the warm-up: at least as many as were asked for. */
  readonly count: number
  /** null: not given, and the samples neither. */
  readonly medianMs: number | null
  readonly meanMs: number
  readonly minMs: number
  readonly maxMs: number
  /** Standard deviation of the runs; 0 for one. */
  readonly stdMs: number
  /** Of each run, in their order; where they are given, the numbers above are theirs. */
  readonly samplesMs?: readonly number[]
  /** What came before the timed runs, where it is known: getting the model ready, and the first inference. */
  readonly initMs?: number
  readonly firstMs?: number
  /** The most memory that the process held, in bytes. */
  readonly peakBytes?: number
}

/**
 * What besides the spread makes a latency less than a fact:
 *   thermal  the device was hot, or slowed itself down against heat
 *   battery  it ran low
 *   drift    a model whose latency is known moved while it was measured
 */
export type Doubt = 'thermal' | 'battery' | 'drift'

/** A device's answers beside those of this computer, on the same inputs. */
export interface NumericCheck {
  readonly agrees: boolean
  /** Largest absolute difference of two values, as a fraction of the range of this computer's. */
  readonly difference: number
}

/**
 * latencyMs = median over the processes of their `statistic`; stable = spread within the gate, and no doubts (an unstable one is
 * kept and marked).
 */
export interface LatencyMeasurement {
  readonly latencyMs: number
  /** (max − min) / median over the processes of their `statistic`, 0–1. */
  readonly spread: number
  readonly stable: boolean
  /** The middle of each process that all of them give: the median, else the mean. */
  readonly statistic: 'median' | 'mean'
  readonly processes: readonly ProcessTiming[]
  readonly runtime: RuntimeInfo
  readonly flags: JsonObject
  /**
   * So many of `BenchmarkOptions.inputs` it was timed on, in turn. Absent: on inputs that were drawn, which say nothing of a time
   * that depends on them.
   */
  readonly given?: number
  readonly fingerprint: Hash
  /** State of the device (load, frequency, temperature where known) before and after. */
  readonly before: JsonObject
  readonly after: JsonObject
  /** Default: none. */
  readonly doubts?: readonly Doubt[]
  /** Where the device can be asked for its answers. */
  readonly numerics?: NumericCheck
}

export interface DeviceInfo {
  readonly name: string
  readonly kind: 'host' | 'phone' | 'board'
  /** A software device or a replay: shown wherever its results are shown. */
  readonly emulated: boolean
  readonly formats: readonly string[]
  readonly runtime: RuntimeInfo
  /** Of everything that moves latency on this device but the model: processor, operating system, core count. */
  readonly fingerprint: Hash
  readonly details: JsonObject
}

/** What a driver may use: its devices take it along, so that the signal ends their measurements too. */
export interface DeviceContext extends Surroundings {
  runtime(name: string): Promise<ModelRuntime>
}

/** Which device is meant: `--device android:SERIAL --option tool=PATH`. */
export interface DeviceChoice {
  /** What stands behind the colon. */
  readonly selector: string | undefined
  /** Of the options that the driver (or its set-up) has. */
  readonly options: OptionValues
}

/** A device that a driver sees. */
export interface FoundDevice {
  /** What stands behind the colon; empty: the driver's one device. */
  readonly selector: string
  /** In words: `ready`, or why it cannot be used. */
  readonly state: string
  /** What it is, e.g. its model. */
  readonly description?: string
  /** Default: false. */
  readonly emulated?: boolean
}

/** What getting a model ready takes when an earlier process left its weights as the runtime wants them; or why nobody knows. */
export type CachedLoad = { readonly initMs: number } | { readonly reason: string }

/** Why a device waits before it lets itself be timed, and for how long at first. */
export interface DeviceWait {
  /** In words: `the phone is hot (41.0 °C)`. */
  readonly reason: string
  readonly seconds: number
}

/** A line of a profile. A delegate fuses layers: one line for all of them. */
export interface ProfileRow {
  /** Names of the file's tensors that the line is about. */
  readonly nodes: readonly string[]
  /** What runs, as the runtime calls it. */
  readonly op: string
  /** Of all its calls in one inference. */
  readonly latencyMs: number
  readonly calls: number
  readonly unit: 'cpu' | 'gpu' | 'npu'
}

/** A kind of device: how to find and open them. */
export interface DeviceDriver {
  readonly name: string
  /** What `open` can be told. */
  readonly options: readonly Option[]
  /**
   * What its devices' `benchmark` can be told: `BenchmarkOptions.flags`, to which a latency belongs. No name stands in `options`
   * too.
   */
  readonly flags: readonly Option[]
  list(context: DeviceContext): Promise<readonly FoundDevice[]>
  /**
   * Which devices a search may share its measurements among when none is chosen: the selectors of all that can be used now, where
   * they are of one make. Absent: `open` chooses one.
   * @throws as `open`, for several that are not alike too
   */
  alike?(choice: DeviceChoice, context: DeviceContext): Promise<readonly string[]>
  /** @throws MNAS_DEVICE_UNREACHABLE */
  open(choice: DeviceChoice, context: DeviceContext): Promise<Device>
  /** What `device setup` would do, in words, and doing it. */
  readonly setup?: {
    readonly options: readonly Option[]
    plan(choice: DeviceChoice, context: DeviceContext): Promise<readonly string[]>
    run(choice: DeviceChoice, context: DeviceContext): Promise<RuntimeInfo>
  }
  /** What `mnas doctor` says of it: tools that it needs, settings that spoil a timing. */
  check?(context: DeviceContext): Promise<readonly Check[]>
}

/** A place where a model can run and be timed: this computer, a phone, a board. */
export interface Device {
  describe(): Promise<DeviceInfo>
  /**
   * One round: times a model file in `processes` fresh processes. Called at most once at a time per device by one command; it
   * keeps others away itself: by the quiet-machine lock when the device is the host, else by a turn (`deviceTurns`), as
   * `RemoteDevice` does. `measureInProcesses` of `@mnas/core/measurement` makes the
   * measurement of the processes' timings.
   * @throws MNAS_DEVICE_LOST when the device vanished: the caller keeps the trial and asks again later; the signal's reason
   */
  benchmark(file: ModelFile, options: BenchmarkOptions): Promise<LatencyMeasurement>
  /**
   * Called before each round: waits, up to a limit of its own, until it is fit to be timed (cool again). What it waits for is
   * told each time.
   * @throws MNAS_DEVICE_LOST, the signal's reason
   */
  settle?(onWait: (wait: DeviceWait) => void): Promise<void>
  /**
   * Milliseconds of one process of a model that is always the same. By it devices of one make are compared before they share
   * measurements.
   * @throws as `benchmark`
   */
  timeAnchor?(): Promise<number>
  /**
   * Where a runtime can keep prepared weights on the device. Nothing of them stays.
   * @param options whose `flags` and `threads` count
   * @throws as `benchmark`
   */
  loadCached?(file: ModelFile, options: BenchmarkOptions): Promise<CachedLoad>
  infer?(file: AskedFile, inputs: AsyncIterable<Tensors>): AsyncIterable<Tensors>
  /**
   * Where the time goes, by a run of its own: profiling slows a model down. Empty: what runs there cannot tell.
   * @param options whose `flags` and `threads` count
   */
  profile?(file: ModelFile, options: BenchmarkOptions): Promise<readonly ProfileRow[]>
  close(): Promise<void>
}

/** One kernel-released lock per cache folder: steps and decoding hold it shared, a host timing holds it alone. */
export interface QuietMachine {
  whileWorking<T>(work: () => Promise<T>): Promise<T>
  whileTiming<T>(time: () => Promise<T>): Promise<T>
}
