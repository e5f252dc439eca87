import { stat } from 'node:fs/promises'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CachedLoad, ModelFile, ProcessTiming, RuntimeInfo, RuntimeLibrary, Tensors } from '@mnas/core/contracts'
import { hashFile } from '@mnas/core/files'
import { unitOf } from '../benchmark-model/tool-arguments.js'
import { keepOutput } from '../device/keep-output.js'
import { tensorsOfBytes } from '../device/numeric-check.js'
import { withInputs } from '../device/remote-tensors.js'
import type { RemoteRun, RemoteTool } from '../device/remote-tool.js'
import { remoteErrors } from '../errors.js'
import { hasFile } from '../shell/has-file.js'
import { pushChecked } from '../shell/push-checked.js'
import { quoteAll } from '../shell/quote.js'
import type { RemoteShell } from '../shell/remote-shell.js'
import { type Ended, runGuarded } from '../shell/run-sealed.js'
import { type DriverAnswer, parseDriverAnswer } from './parse-driver-answer.js'

export interface LiteRtToolOptions {
  readonly shell: RemoteShell
  /** Ours on the device. */
  readonly folder: string
  /** The device's Python, 3.7 or later. */
  readonly python: string
  /** LiteRT's, for the device's processor and system. */
  readonly library: RuntimeLibrary
  readonly cacheFolder: string
  /** What one process may take. */
  readonly limitSeconds: number
  readonly signal: AbortSignal
}

/** A file of this package, run there by the device's own Python. */
const driverFile = fileURLToPath(new URL('../../driver/litert_driver.py', import.meta.url))

/** LiteRT's own library on a device, under our driver: no compiler, no package manager and no Node there. */
export class LiteRtTool implements RemoteTool {
  readonly runtime: RuntimeInfo
  readonly #options: LiteRtToolOptions
  readonly #library: string
  readonly #driver: string

  constructor(options: LiteRtToolOptions) {
    const { name, version, sha256 } = options.library
    this.#options = options
    this.runtime = { name, version, sha256 }
    this.#library = posix.join(options.folder, `litert-${sha256.slice(0, 16)}.so`)
    this.#driver = posix.join(options.folder, 'litert_driver.py')
  }

  async prepare(): Promise<void> {
    const { shell, library, signal } = this.#options
    const { path, sha256, sizeBytes } = library
    await pushChecked(shell, { local: path, remote: this.#library, sha256, sizeBytes }, signal)
    const driver = { sha256: await hashFile(driverFile), sizeBytes: (await stat(driverFile)).size }
    await pushChecked(shell, { local: driverFile, remote: this.#driver, ...driver }, signal)
  }

  async time(run: RemoteRun, runs: number): Promise<ProcessTiming> {
    const { ended, answer } = await this.#run(run, 'time', [`${runs}`])
    if (answer?.kind === 'timing' && answer.timing.count >= runs) return answer.timing
    throw await this.#failed(ended, answer)
  }

  /** The first process writes what the second reads. */
  async loadCached(run: RemoteRun, cache: string): Promise<CachedLoad> {
    const { shell, signal } = this.#options
    const load = async () => {
      const { answer } = await this.#run(run, 'time', ['1', cache])
      return answer?.kind === 'timing' ? answer.timing : null
    }
    // It ran without a cache: what fails now is the cache.
    const written = (await load()) !== null && (await hasFile(shell, cache, signal))
    const initMs = written ? (await load())?.initMs : undefined
    return initMs === undefined ? { reason: 'LiteRT kept no weights there' } : { initMs }
  }

  async infer(run: RemoteRun, file: ModelFile, inputs: Tensors): Promise<Tensors | null> {
    return withInputs(this.#options, inputs, async (asked) => {
      const { answer } = await this.#run(
        run,
        'infer',
        asked.map((input) => `${input.name}=${input.file}`),
      )
      return answer?.kind === 'outputs' ? tensorsOf(file, answer.outputs) : null
    })
  }

  async #run({ model, threads, flags, coreMask }: RemoteRun, mode: 'time' | 'infer', words: readonly string[]) {
    const { shell, python, limitSeconds, signal } = this.#options
    const unit = unitOf(flags)
    if (unit !== 'cpu')
      throw remoteErrors.MNAS_REMOTE_DELEGATE({ device: shell.name, asked: unit, ran: 'a driver that has the CPU alone' })
    const pinned = coreMask === null ? [] : ['taskset', coreMask]
    const line = quoteAll([...pinned, python, this.#driver, mode, this.#library, model, `${threads}`, ...words])
    const ended = await runGuarded(shell, line, { limitMs: 1000 * limitSeconds, signal })
    return { ended, answer: parseDriverAnswer(ended.stdout) }
  }

  async #failed(ended: Ended, answer: DriverAnswer | null): Promise<Error> {
    const { cacheFolder, shell } = this.#options
    const device = shell.name
    const { exitCode, stdout, stderr } = ended
    const said = answer?.kind === 'error' ? answer.message : stderr.trim().split('\n').at(-1) || 'nothing'
    if (answer?.kind === 'error' && answer.about === 'library') return remoteErrors.MNAS_REMOTE_TOOL({ device, reason: said })
    // POSIX: 126 = found but cannot be executed, 127 = not found.
    if (exitCode === 126 || exitCode === 127) return remoteErrors.MNAS_REMOTE_TOOL({ device, reason: said })
    const kept = await keepOutput(cacheFolder, device, `${stdout}\n${stderr}`)
    if (exitCode !== 0) return remoteErrors.MNAS_REMOTE_RUN({ device, exitCode, said, kept })
    return remoteErrors.MNAS_REMOTE_NO_TIMING({ device, kept })
  }
}

/** null when an output is missing, or of another size than the file says. */
function tensorsOf({ outputs }: ModelFile, bytes: Readonly<Record<string, Uint8Array>>): Tensors | null {
  const tensors = outputs.map((output) => tensorsOfBytes([output], bytes[output.name] ?? new Uint8Array()))
  return tensors.some((each) => each === null) ? null : Object.assign({}, ...tensors)
}
