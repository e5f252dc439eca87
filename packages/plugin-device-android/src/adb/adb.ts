import { isMnasError } from '@mnas/core/errors'
import { measurementErrors } from '@mnas/core/measurement'
import { remoteErrors } from '@mnas/remote-device'
import { execa } from 'execa'
import { type AdbProgram, findAdb } from './adb-program.js'
import { type AdbServer, closeServer, defaultPort, openServer, startOwnServer } from './adb-server.js'
import { isAddress, type ListedPhone, parsePhones } from './parse-phones.js'
import { probeServer } from './probe-server.js'

export interface AdbOptions {
  /** Path of the program; default: MNAS_ADB, else `adb`. */
  readonly adb?: string
  /** Of the server; default: ANDROID_ADB_SERVER_PORT, else 5037. */
  readonly port?: number
  /** What a phone may take to come back to a new server; default: 10 seconds. */
  readonly returnMs?: number
}

export interface AdbLimits {
  readonly limitMs: number
  readonly signal: AbortSignal
}

export interface AdbAnswer {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
}

/** From the end of standard input to the end of the process, when we want no answer any more: the phone ends its side meanwhile. */
const graceMs = 3000
const usualReturnMs = 10_000
const mostOutput = 64 * 2 ** 20

/** The real client of adb, with a limit on every call. */
export class Adb {
  readonly program: AdbProgram
  readonly #returnMs: number
  #server: AdbServer
  #restarted = false

  private constructor(program: AdbProgram, server: AdbServer, returnMs: number) {
    this.program = program
    this.#server = server
    this.#returnMs = returnMs
  }

  /** @throws MNAS_ADB_MISSING, MNAS_ADB_FAILED */
  static async open({ adb, port = defaultPort(), returnMs = usualReturnMs }: AdbOptions): Promise<Adb> {
    const program = await findAdb(adb)
    return new Adb(program, await openServer(program, port), returnMs)
  }

  /**
   * Runs a command of adb. Whatever it ends with is an answer. A server that vanished meanwhile is replaced once, by one of our own, and the
   * command repeated.
   * @param device for messages
   * @throws MNAS_REMOTE_TIMEOUT, MNAS_DEVICE_LOST, the signal's reason
   */
  async exec(args: readonly string[], device: string, limits: AdbLimits): Promise<AdbAnswer> {
    await this.#requireServer(args, device, limits)
    const answer = await this.#once(args, device, limits)
    if ((await probeServer(this.#server.port)).kind === 'server') return answer
    await this.#requireServer(args, device, limits)
    return this.#once(args, device, limits)
  }

  async phones(signal: AbortSignal): Promise<readonly ListedPhone[]> {
    const { stdout } = await this.exec(['devices', '-l'], 'android', { limitMs: 5000, signal })
    return parsePhones(stdout)
  }

  /** Ends what is ours. */
  async close(): Promise<void> {
    await closeServer(this.#server)
  }

  /** A client that finds no server would start one, on a port that is not ours. */
  async #requireServer(args: readonly string[], device: string, { signal }: AdbLimits): Promise<void> {
    const probe = await probeServer(this.#server.port)
    if (probe.kind === 'server' && probe.version === this.program.version) return
    if (this.#restarted) throw measurementErrors.MNAS_DEVICE_LOST({ device, reason: 'the server of adb vanished again' })
    this.#restarted = true
    this.#server = await startOwnServer(this.program)
    const serial = args[0] === '-s' ? args[1] : undefined
    if (serial !== undefined) await this.#requireBack(serial, device, signal)
  }

  /** A new server knows the phones on cables, a moment later, and none over TCP. @throws MNAS_DEVICE_LOST, the signal's reason */
  async #requireBack(serial: string, device: string, signal: AbortSignal): Promise<void> {
    const limits = { limitMs: this.#returnMs, signal }
    try {
      if (isAddress(serial)) await this.#once(['connect', serial], device, limits)
      await this.#once(['-s', serial, 'wait-for-device'], device, limits)
    } catch (error) {
      if (!isMnasError(error) || error.code !== 'MNAS_REMOTE_TIMEOUT') throw error
      const reason = `the server of adb vanished, and the phone did not come back to a new one within ${this.#returnMs / 1000} s`
      throw measurementErrors.MNAS_DEVICE_LOST({ device, reason }, error)
    }
  }

  async #once(args: readonly string[], device: string, { limitMs, signal }: AdbLimits): Promise<AdbAnswer> {
    signal.throwIfAborted()
    const child = execa(this.program.path, ['-P', `${this.#server.port}`, ...args], {
      reject: false,
      stdin: 'pipe',
      stripFinalNewline: false,
      maxBuffer: mostOutput,
    })
    let expired = false
    let killing: NodeJS.Timeout | undefined
    const stop = () => {
      child.stdin.end()
      killing ??= setTimeout(() => child.kill('SIGKILL'), graceMs)
    }
    const limit = setTimeout(() => {
      expired = true
      stop()
    }, limitMs)
    signal.addEventListener('abort', stop, { once: true })
    try {
      const { stdout, stderr, exitCode = 1 } = await child
      signal.throwIfAborted()
      if (!expired) return { stdout, stderr, exitCode }
      const what = args.includes('shell') ? 'A command' : `"adb ${args.slice(0, 3).join(' ')}"`
      throw remoteErrors.MNAS_REMOTE_TIMEOUT({ device, what, limitSeconds: limitMs / 1000 })
    } finally {
      clearTimeout(limit)
      clearTimeout(killing)
      signal.removeEventListener('abort', stop)
    }
  }
}
