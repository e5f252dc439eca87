import { posix } from 'node:path'
import type { CachedLoad, ModelFile, ProcessTiming, ProfileRow, RuntimeInfo, Tensors } from '@mnas/core/contracts'
import { keepOutput } from '../device/keep-output.js'
import { readOutputs, withInputs } from '../device/remote-tensors.js'
import type { RemoteRun, RemoteTool } from '../device/remote-tool.js'
import { remoteErrors } from '../errors.js'
import { hasFile } from '../shell/has-file.js'
import { pushChecked } from '../shell/push-checked.js'
import { quoteAll } from '../shell/quote.js'
import type { RemoteShell } from '../shell/remote-shell.js'
import { type Ended, runGuarded } from '../shell/run-sealed.js'
import type { Dialect } from './benchmark-report.js'
import { parseBenchmark } from './parse-benchmark.js'
import { ignoresGuard, parseDelegates } from './parse-delegates.js'
import { parseProfile } from './parse-profile.js'
import { requireKnownUnit, requireUnit } from './require-unit.js'
import { cachedArguments, inferArguments, profileArguments, type ToolRun, timingArguments, unitOf } from './tool-arguments.js'

/** A benchmark_model of the user's, for this device. */
export interface ToolFile {
  readonly path: string
  readonly sha256: string
  readonly sizeBytes: number
  readonly dialect: Dialect
}

export interface BenchmarkModelOptions {
  readonly shell: RemoteShell
  /** Ours on the device. */
  readonly folder: string
  readonly tool: ToolFile
  readonly cacheFolder: string
  /** What one process may take. */
  readonly limitSeconds: number
  readonly signal: AbortSignal
}

const profiledRuns = 20

/** benchmark_model on a device. */
export class BenchmarkModelTool implements RemoteTool {
  readonly runtime: RuntimeInfo
  /** Of the classic tool alone: LiteRT's writes no outputs. */
  readonly infer?: NonNullable<RemoteTool['infer']>
  readonly #options: BenchmarkModelOptions
  readonly #program: string

  constructor(options: BenchmarkModelOptions) {
    const { sha256, dialect } = options.tool
    this.#options = options
    this.#program = posix.join(options.folder, `benchmark_model-${sha256.slice(0, 16)}`)
    this.runtime = { name: 'benchmark_model', version: dialect, sha256 }
    if (dialect === 'classic') this.infer = (run, file, inputs) => this.#infer(run, file, inputs)
  }

  async prepare(): Promise<void> {
    const { shell, tool, signal } = this.#options
    const { path: local, sha256, sizeBytes } = tool
    await pushChecked(shell, { local, remote: this.#program, sha256, sizeBytes, executable: true }, signal)
  }

  async time(run: RemoteRun, runs: number): Promise<ProcessTiming> {
    const unit = unitOf(run.flags)
    const { device, ended, output } = await this.#run(run, timingArguments(this.#toolRun(run, runs)))
    const report = ended.exitCode === 0 ? parseBenchmark(output, runs) : null
    const mustTell = report !== null && (report.dialect === 'classic' || ignoresGuard(output))
    requireUnit(device, unit, report?.delegates ?? parseDelegates(output), mustTell)
    if (report) return report.timing
    if (ended.exitCode !== 0) throw await this.#failed(ended, output)
    throw remoteErrors.MNAS_REMOTE_NO_TIMING({ device, kept: await this.#keep(output) })
  }

  /** The first process writes what the second reads. */
  async loadCached(run: RemoteRun, cache: string): Promise<CachedLoad> {
    if (unitOf(run.flags) !== 'cpu') return { reason: 'only the weights of the CPU are kept' }
    const { shell, signal } = this.#options
    const words = cachedArguments(this.#toolRun(run, 1), cache)
    const first = await this.#run(run, words)
    const unknown = first.ended.exitCode !== 0 || /unconsumed cmdline flags/i.test(first.output)
    const written = !unknown && (await hasFile(shell, cache, signal))
    if (!written) return { reason: 'this build of benchmark_model keeps no weights' }
    const { output } = await this.#run(run, words)
    const initMs = parseBenchmark(output, 1)?.timing.initMs
    return initMs === undefined ? { reason: 'benchmark_model did not say how long it took' } : { initMs }
  }

  /** LiteRT's tool has no profile. */
  async profile(run: RemoteRun): Promise<readonly ProfileRow[]> {
    if (this.#options.tool.dialect !== 'classic') return []
    const { device, ended, output } = await this.#run(run, profileArguments(this.#toolRun(run, profiledRuns)))
    const unit = unitOf(run.flags)
    requireUnit(device, unit, parseDelegates(output), ended.exitCode === 0)
    if (ended.exitCode !== 0) throw await this.#failed(ended, output)
    const rows = parseProfile(output, unit === 'nnapi' ? 'npu' : unit)
    if (rows.length > 0) return rows
    throw remoteErrors.MNAS_REMOTE_NO_TIMING({ device, kept: await this.#keep(output) })
  }

  async #infer(run: RemoteRun, file: ModelFile, inputs: Tensors): Promise<Tensors | null> {
    return withInputs(this.#options, inputs, async (asked, output) => {
      const { ended } = await this.#run(run, inferArguments(this.#toolRun(run, 1), asked, output))
      return ended.exitCode === 0 ? readOutputs(this.#options, output, file.outputs) : null
    })
  }

  #toolRun({ model, threads, flags }: RemoteRun, runs: number): ToolRun {
    const { tool, limitSeconds, shell } = this.#options
    requireKnownUnit(shell.name, unitOf(flags), tool.dialect)
    return { dialect: tool.dialect, graph: model, threads, runs, maxSeconds: limitSeconds, unit: unitOf(flags) }
  }

  async #run({ coreMask }: RemoteRun, words: readonly string[]) {
    const { shell, limitSeconds, signal } = this.#options
    const pinned = coreMask === null ? [] : ['taskset', coreMask]
    const line = quoteAll([...pinned, this.#program, ...words])
    const ended = await runGuarded(shell, line, { limitMs: 1000 * limitSeconds, signal })
    return { device: shell.name, ended, output: `${ended.stdout}\n${ended.stderr}` }
  }

  async #failed({ exitCode, stdout, stderr }: Ended, output: string): Promise<Error> {
    const device = this.#options.shell.name
    const said = lastLine(stderr) || lastLine(stdout) || 'nothing'
    // POSIX: 126 = found but cannot be executed, 127 = not found.
    if (exitCode === 126 || exitCode === 127) return remoteErrors.MNAS_REMOTE_TOOL({ device, reason: said })
    return remoteErrors.MNAS_REMOTE_RUN({ device, exitCode, said, kept: await this.#keep(output) })
  }

  #keep(output: string): Promise<string> {
    return keepOutput(this.#options.cacheFolder, this.#options.shell.name, output)
  }
}

const lastLine = (text: string) => text.trim().split('\n').at(-1)?.trim() ?? ''
