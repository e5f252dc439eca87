import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, posix } from 'node:path'
import type { ModelFile, ProcessTiming, RuntimeInfo, Tensors } from '@mnas/core/contracts'
import { hashBytes } from '@mnas/core/files'
import { unitOf } from '../benchmark-model/tool-arguments.js'
import { keepOutput } from '../device/keep-output.js'
import { readOutputs, withInputs } from '../device/remote-tensors.js'
import type { RemoteRun, RemoteTool } from '../device/remote-tool.js'
import { remoteErrors } from '../errors.js'
import { pushChecked } from '../shell/push-checked.js'
import { quoteAll } from '../shell/quote.js'
import type { RemoteShell } from '../shell/remote-shell.js'
import { runGuarded, runSealed } from '../shell/run-sealed.js'
import { driverScript } from './driver-script.js'
import { parseDriverError, parseDriverTiming } from './parse-driver.js'

/** LiteRT's C library for the device, in the release that the driver was written for. */
export interface LiteRtLibrary {
  readonly path: string
  readonly version: string
  readonly sha256: string
  readonly sizeBytes: number
}

export interface LiteRtDriverOptions {
  readonly shell: RemoteShell
  /** Ours on the device. */
  readonly folder: string
  readonly library: LiteRtLibrary
  readonly cacheFolder: string
  /** What one process may take. */
  readonly limitSeconds: number
  readonly signal: AbortSignal
}

/** LiteRT's library under the device's own Python: the time of each run, and the answers, without anything to install there. */
export class LiteRtDriverTool implements RemoteTool {
  readonly runtime: RuntimeInfo
  readonly #options: LiteRtDriverOptions
  readonly #library: string
  readonly #driver: string

  constructor(options: LiteRtDriverOptions) {
    const { folder, library } = options
    this.#options = options
    this.#library = posix.join(folder, `libLiteRt-${library.sha256.slice(0, 16)}.so`)
    this.#driver = posix.join(folder, `driver-${hashBytes(Buffer.from(driverScript)).slice(0, 16)}.py`)
    this.runtime = { name: 'litert', version: library.version, sha256: library.sha256 }
  }

  async prepare(): Promise<void> {
    const { shell, library, signal } = this.#options
    await this.#requirePython()
    const { path: local, sha256, sizeBytes } = library
    await pushChecked(shell, { local, remote: this.#library, sha256, sizeBytes }, signal)
    const folder = await mkdtemp(join(tmpdir(), 'mnas-driver-'))
    try {
      const [path, bytes] = [join(folder, 'driver.py'), Buffer.from(driverScript)]
      await writeFile(path, bytes)
      const driver = { local: path, remote: this.#driver, sha256: hashBytes(bytes), sizeBytes: bytes.length }
      await pushChecked(shell, driver, signal)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  async time(run: RemoteRun, runs: number): Promise<ProcessTiming> {
    const output = await this.#run(run, ['time', `${runs}`])
    const timing = parseDriverTiming(output, runs)
    if (timing) return timing
    const { shell, cacheFolder } = this.#options
    throw remoteErrors.MNAS_REMOTE_NO_TIMING({ device: shell.name, kept: await keepOutput(cacheFolder, shell.name, output) })
  }

  async infer(run: RemoteRun, file: ModelFile, inputs: Tensors): Promise<Tensors | null> {
    return withInputs(this.#options, inputs, async (asked, output) => {
      await this.#run(run, ['infer', output, ...asked.map((input) => input.file)])
      return readOutputs(this.#options, output, file.outputs)
    })
  }

  /** @returns what it said, when it ended well */
  async #run({ model, threads, flags, coreMask }: RemoteRun, action: readonly string[]): Promise<string> {
    const { shell, limitSeconds, cacheFolder, signal } = this.#options
    const device = shell.name
    const unit = unitOf(flags)
    if (unit !== 'cpu') throw remoteErrors.MNAS_REMOTE_DELEGATE({ device, asked: unit, ran: 'a driver that has the CPU alone' })
    const pinned = coreMask === null ? [] : ['taskset', coreMask]
    const words = quoteAll([...pinned, 'python3', this.#driver, this.#library, model, `${threads}`, ...action])
    const { stdout, stderr, exitCode } = await runGuarded(shell, words, { limitMs: 1000 * limitSeconds, signal })
    if (exitCode === 0) return stdout
    const said = parseDriverError(stdout) ?? (stderr.trim().split('\n').at(-1) || 'nothing')
    const kept = await keepOutput(cacheFolder, device, `${stdout}\n${stderr}`)
    throw remoteErrors.MNAS_REMOTE_RUN({ device, exitCode, said, kept })
  }

  async #requirePython(): Promise<void> {
    const { shell, signal } = this.#options
    const line = `python3 -c 'import sys; sys.exit(sys.version_info < (3, 7))'`
    const limits = { limitMs: 30_000, signal }
    if ((await runSealed(shell, line, limits)).exitCode === 0) return
    const { stdout } = await runSealed(shell, 'python3 --version 2>&1; uname -m; getconf GNU_LIBC_VERSION 2>&1', limits)
    const reason = `it needs Python 3.7 or later; found: ${stdout.trim().split(/\r?\n/).join(', ')}`
    throw remoteErrors.MNAS_REMOTE_TOOL({ device: shell.name, reason })
  }
}
