import { measurementErrors } from '@mnas/core/measurement'
import { type Condition, maskOfList, quote, type RemoteIdentity, type RemoteSystem, runSealed } from '@mnas/remote-device'
import type { Adb } from '../adb/adb.js'
import { AdbShell } from '../adb/adb-shell.js'
import { choosePhone } from '../adb/choose-phone.js'
import { conditionLine, parseCondition } from './phone-condition.js'
import { fastestCoresOf, isEmulated, type PhoneFacts, parseFacts, phoneFactsLine } from './phone-facts.js'

/** /sdcard allows no programs; here they may run. */
export const phoneFolder = '/data/local/tmp/mnas'
const limitMs = 20_000

/** A phone's facts, asked through its shell. */
export class AndroidSystem implements RemoteSystem {
  readonly shell: AdbShell
  readonly folder = phoneFolder
  readonly #adb: Adb
  readonly #signal: AbortSignal
  /** Of the last start: what `taskset` did with the mask of the fastest cores. */
  #cores: { readonly boot: string; readonly mask: string | null } | undefined

  constructor(adb: Adb, serial: string, signal: AbortSignal) {
    this.#adb = adb
    this.#signal = signal
    this.shell = new AdbShell(adb, serial, this.folder)
  }

  async identify(): Promise<RemoteIdentity> {
    const facts = await this.facts()
    const { manufacturer, model, build, soc, platform, abi, release, hardware } = facts
    const frequencies = [...facts.frequencies.values()].toSorted((a, b) => a - b)
    const traits = { manufacturer, model, build, soc, platform, abi, hardware, frequenciesKhz: frequencies }
    const fastestCores = await this.#pinnable(facts)
    return { kind: 'phone', emulated: isEmulated(facts), traits, details: { android: release }, fastestCores }
  }

  /** A phone that was away is found again, or lost. @throws MNAS_DEVICE_LOST, the signal's reason */
  async facts(): Promise<PhoneFacts> {
    await this.#present()
    const { stdout } = await runSealed(this.shell, phoneFactsLine, { limitMs, signal: this.#signal })
    const facts = parseFacts(stdout)
    if (facts) return facts
    throw measurementErrors.MNAS_DEVICE_LOST({ device: this.shell.name, reason: 'it says neither its system nor its processor' })
  }

  async condition(): Promise<Condition> {
    const { stdout } = await runSealed(this.shell, conditionLine, { limitMs, signal: this.#signal })
    return parseCondition(stdout, new Date().toISOString())
  }

  async #present(): Promise<void> {
    try {
      await choosePhone(this.#adb, this.shell.serial, this.#signal)
    } catch (error) {
      this.#signal.throwIfAborted()
      const reason = error instanceof Error ? error.message : String(error)
      throw measurementErrors.MNAS_DEVICE_LOST({ device: this.shell.name, reason }, error)
    }
  }

  /** The mask of the fastest cores, if the phone lets us choose them: asked of a process that was started with it. */
  async #pinnable(facts: PhoneFacts): Promise<string | null> {
    const mask = fastestCoresOf(facts)
    if (mask === null) return null
    if (this.#cores?.boot !== facts.boot || this.#cores.boot === '') {
      const line = `taskset ${quote(mask)} grep Cpus_allowed_list /proc/self/status`
      const { stdout, exitCode } = await runSealed(this.shell, line, { limitMs, signal: this.#signal })
      const allowed = maskOfList(stdout.split(':')[1] ?? '')
      this.#cores = { boot: facts.boot, mask: exitCode === 0 && allowed === mask ? mask : null }
    }
    return this.#cores.mask
  }
}
