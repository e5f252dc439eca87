import { measurementErrors } from '@mnas/core/measurement'
import {
  noSpace,
  quoteAll,
  type RemoteShell,
  type RunLimits,
  remoteErrors,
  runSealed,
  type Said,
  saysNoSpace,
} from '@mnas/remote-device'
import type { Adb } from './adb.js'

/** What adb says when the phone is not there any more; in the middle of a command it says nothing of it. */
const gone =
  /device ('[^']*' )?not found|device offline|no devices|device unauthorized|error: closed|protocol fault|connection reset|broken pipe/i

/** A phone's shell through adb. */
export class AdbShell implements RemoteShell {
  readonly name: string
  readonly serial: string
  readonly #adb: Adb
  readonly #folder: string

  /** @param folder ours on the phone */
  constructor(adb: Adb, serial: string, folder: string) {
    this.#adb = adb
    this.serial = serial
    this.name = `android:${serial}`
    this.#folder = folder
  }

  async run(line: string, limits: RunLimits): Promise<Said> {
    const { stdout, stderr, exitCode } = await this.#adb.exec(['-s', this.serial, 'shell', '-T', line], this.name, limits)
    if (exitCode !== 0 && gone.test(stderr)) throw this.#lost(stderr)
    return { stdout, stderr }
  }

  async push(local: string, remote: string, limits: RunLimits): Promise<void> {
    const { stdout, stderr, exitCode } = await this.#adb.exec(['-s', this.serial, 'push', local, remote], this.name, limits)
    if (exitCode === 0) return
    const said = `${stdout}\n${stderr}`
    if (gone.test(said)) throw this.#lost(said)
    // Not every phone takes away what has arrived of it.
    await this.remove([remote], limits)
    if (saysNoSpace(said)) throw await this.#noSpace(local, limits)
    throw remoteErrors.MNAS_REMOTE_PUSH({ device: this.name, file: local, reason: lastLine(said) })
  }

  async remove(paths: readonly string[], limits: RunLimits): Promise<void> {
    await runSealed(this, `rm -rf ${quoteAll(paths)}`, limits)
  }

  #lost(said: string): Error {
    return measurementErrors.MNAS_DEVICE_LOST({ device: this.name, reason: lastLine(said) })
  }

  #noSpace(local: string, { signal }: RunLimits): Promise<Error> {
    const folder = this.#folder
    return noSpace({
      ...{ shell: this, local, place: folder, signal },
      free: `df -k ${folder} || df -k /data/local/tmp`,
      ours: `du -sk ${folder}`,
      remove: `adb -s ${this.serial} shell rm -r ${folder}`,
    })
  }
}

const lastLine = (text: string) => text.trim().split('\n').at(-1)?.trim() || 'no reason'
