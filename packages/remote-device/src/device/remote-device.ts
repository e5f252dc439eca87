import { posix } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type {
  BenchmarkOptions,
  CachedLoad,
  Device,
  DeviceContext,
  DeviceInfo,
  DeviceWait,
  Doubt,
  LatencyMeasurement,
  ModelFile,
  ModelRuntime,
  NumericCheck,
  ProfileRow,
} from '@mnas/core/contracts'
import { isMnasError } from '@mnas/core/errors'
import { hashJson } from '@mnas/core/files'
import { type DeviceTurn, deviceTurns, measureInProcesses, measurementErrors } from '@mnas/core/measurement'
import { type Condition, doubtsAbout } from '../policy/condition.js'
import { coolDown } from '../policy/cool-down.js'
import { maskForThreads } from '../policy/core-mask.js'
import { hasDrifted } from '../policy/drift.js'
import { timeAnchor, withAnchor } from './anchor.js'
import { checkInputs, compareOutputs } from './numeric-check.js'
import { PlacedFiles } from './place-file.js'
import type { RemoteIdentity, RemoteSystem } from './remote-system.js'
import type { RemoteRun, RemoteTool } from './remote-tool.js'

export interface RemoteDeviceParts {
  readonly system: RemoteSystem
  readonly tool: RemoteTool
  readonly context: DeviceContext
  /** How long a hot device is waited for before each round. */
  readonly coolDownSeconds: number
  /** Whether a known model is timed before and after each block, to see whether the device itself changed. */
  readonly anchored: boolean
  /** Whether the device's answers are compared with this computer's, once for each file. */
  readonly compared: boolean
}

const formats = ['tflite']
/** A block in which the anchor moved is measured again, so often at the most. */
const mostBlocks = 3

/**
 * A device that is a shell far away, with a tool on it: what phones and boards have in common. All that runs a model there or touches its files
 * happens in turns, in which no other command of this computer does anything there. Between two turns another may take files away that are its
 * own too: each turn sees to what it needs.
 */
export class RemoteDevice implements Device {
  readonly #parts: RemoteDeviceParts
  readonly #files: PlacedFiles
  readonly #turn: DeviceTurn
  /** By content of the file and flags. */
  readonly #checked = new Map<string, NumericCheck | null>()

  constructor(parts: RemoteDeviceParts) {
    this.#parts = parts
    this.#files = new PlacedFiles(parts.system, parts.context.signal)
    this.#turn = deviceTurns(parts.system.shell.name, parts.context)
  }

  async describe(): Promise<DeviceInfo> {
    const { system, tool } = this.#parts
    const identity = await system.identify()
    const { kind, emulated, traits, details } = identity
    return {
      name: system.shell.name,
      kind,
      emulated,
      formats,
      runtime: tool.runtime,
      fingerprint: fingerprintOf(identity),
      details: { ...traits, ...details, fastestCores: coreMaskOf(identity, { threads: 1, flags: {} }) },
    }
  }

  /** Cool again, as far as the limit allows; what then is still wrong is a doubt of the measurement. */
  async settle(onWait: (wait: DeviceWait) => void): Promise<void> {
    const { system, coolDownSeconds, context } = this.#parts
    await system.identify()
    for (let waited = { seconds: 0, times: 0 }; ; ) {
      const wait = coolDown(await system.condition(), waited, coolDownSeconds)
      if (!wait) return
      onWait(wait)
      await sleep(1000 * wait.seconds, undefined, { signal: context.signal }).catch(() => context.signal.throwIfAborted())
      waited = { seconds: waited.seconds + wait.seconds, times: waited.times + 1 }
    }
  }

  benchmark(file: ModelFile, options: BenchmarkOptions): Promise<LatencyMeasurement> {
    return this.#turn(async () => {
      const { identity, run } = await this.#ready(file, options)
      for (let block = 1; ; block++) {
        const { measurement, drifted } = await this.#block(identity, run, options)
        if (drifted && block < mostBlocks) continue
        const doubts: readonly Doubt[] = [...(measurement.doubts ?? []), ...(drifted ? (['drift'] as const) : [])]
        const numerics = await this.#numerics(run, file)
        return { ...measurement, stable: measurement.stable && doubts.length === 0, doubts, ...(numerics && { numerics }) }
      }
    })
  }

  timeAnchor(): Promise<number> {
    return this.#turn(async () => {
      const { system, tool, context } = this.#parts
      context.signal.throwIfAborted()
      const identity = await system.identify()
      await tool.prepare()
      const one = { threads: 1, flags: {} }
      return timeAnchor(this.#files, tool, { ...one, coreMask: coreMaskOf(identity, one) })
    })
  }

  loadCached(file: ModelFile, options: BenchmarkOptions): Promise<CachedLoad> {
    return this.#turn(async () => {
      const { system, tool, context } = this.#parts
      if (!tool.loadCached) return { reason: `${tool.runtime.name} keeps no weights` }
      const { run } = await this.#ready(file, options)
      const cache = posix.join(system.folder, `weights-${file.sha256.slice(0, 16)}.cache`)
      const remove = (signal: AbortSignal) => system.shell.remove([cache], { limitMs: 10_000, signal })
      // One that an earlier command could not take away would make the first load a cached one.
      await remove(context.signal)
      try {
        return await tool.loadCached(run, cache)
      } finally {
        // After Ctrl-C, too.
        await remove(new AbortController().signal).catch(() => undefined)
      }
    })
  }

  profile(file: ModelFile, options: BenchmarkOptions): Promise<readonly ProfileRow[]> {
    return this.#turn(async () => {
      const { system, tool } = this.#parts
      if (!tool.profile) throw measurementErrors.MNAS_DEVICE_NO_PROFILE({ device: system.shell.name })
      const { run } = await this.#ready(file, options)
      return tool.profile(run)
    })
  }

  /** After Ctrl-C nobody waits for a device that another command is using: what lies there stays, as on one that is away. */
  async close(): Promise<void> {
    if (this.#files.isEmpty) return
    await this.#turn(() => this.#files.removeAll()).catch(() => undefined)
  }

  async #ready(file: ModelFile, { threads, flags }: BenchmarkOptions) {
    const { system, tool, context } = this.#parts
    context.signal.throwIfAborted()
    const device = system.shell.name
    if (!formats.includes(file.format)) throw measurementErrors.MNAS_DEVICE_FORMAT({ device, received: file.format, formats })
    const identity = await system.identify()
    await tool.prepare()
    const told = { threads, flags }
    const run: RemoteRun = { model: await this.#files.place(file), ...told, coreMask: coreMaskOf(identity, told) }
    return { identity, run }
  }

  /** One round, between two looks at the device: its condition, and the anchor where there is one. */
  async #block(identity: RemoteIdentity, run: RemoteRun, options: BenchmarkOptions) {
    const { system, tool, context, anchored } = this.#parts
    const seen: Condition[] = []
    const state = async () => {
      const condition = await system.condition()
      seen.push(condition)
      return { ...condition.state, coreMask: run.coreMask }
    }
    const timed = { runtime: tool.runtime, fingerprint: fingerprintOf(identity), state, signal: context.signal }
    const measure = () => measureInProcesses(options, timed, () => tool.time(run, options.runs))
    // A quick look of one process is not worth the anchor's two.
    const { result, beforeMs, afterMs } =
      anchored && options.processes > 1
        ? await withAnchor(this.#files, tool, { ...run, flags: {} }, measure)
        : { result: await measure(), beforeMs: 1, afterMs: 1 }
    const doubts = [...new Set(seen.flatMap((condition) => doubtsAbout(condition)))]
    return { measurement: { ...result, doubts }, drifted: hasDrifted(beforeMs, afterMs) }
  }

  /** Once for each file: the device's answers beside those of a runtime here. */
  async #numerics(run: RemoteRun, file: ModelFile): Promise<NumericCheck | null> {
    const key = hashJson({ sha256: file.sha256, flags: run.flags })
    const known = this.#checked.get(key)
    if (known !== undefined) return known
    const check = await this.#compare(run, file)
    this.#checked.set(key, check)
    return check
  }

  async #compare(run: RemoteRun, file: ModelFile): Promise<NumericCheck | null> {
    const { tool, context, compared } = this.#parts
    const inputs = compared ? checkInputs(file) : null
    const runtime = inputs && tool.infer && (await runtimeHere(context))
    if (!inputs || !runtime) return null
    const there = await tool.infer?.(run, file, inputs)
    if (!there) {
      context.warn(
        `The answers of "${this.#parts.system.shell.name}" were not compared with this computer's: its tool did not say them.`,
      )
      return null
    }
    const one = async function* () {
      yield inputs
    }
    try {
      for await (const here of runtime.run(file, one(), context)) return compareOutputs(here, there)
    } catch (error) {
      // The device has been timed, and that stands whatever this computer cannot run.
      context.signal.throwIfAborted()
      if (!isMnasError(error)) throw error
      context.warn(`The answers of "${this.#parts.system.shell.name}" were not compared with this computer's: ${error.message}`)
    }
    return null
  }
}

function fingerprintOf({ traits }: RemoteIdentity): string {
  return hashJson({ device: 'remote', ...traits })
}

/** `--option cores=`: the fastest (default), of as many groups as the threads need; all; or a mask. null: the system's choice among all. */
function coreMaskOf({ fastestCores }: RemoteIdentity, told: Pick<BenchmarkOptions, 'threads' | 'flags'>): string | null {
  const { cores } = told.flags
  if (cores === undefined || cores === 'fastest') return maskForThreads(fastestCores, told.threads)
  return cores === 'all' ? null : String(cores)
}

/** Whatever runs such files on this computer; null: nothing does. */
async function runtimeHere(context: DeviceContext): Promise<ModelRuntime | null> {
  for (const name of ['litert', 'litert-js']) {
    const runtime = await context.runtime(name).catch(() => null)
    if (runtime && !('code' in (await runtime.available(context)))) return runtime
  }
  return null
}
