import { measurementErrors } from '@mnas/core/measurement'
import { ChoosableCores, type Condition, type RemoteIdentity, type RemoteSystem, runSealed } from '@mnas/remote-device'
import type { Adb } from '../adb/adb.js'
import { AdbShell } from '../adb/adb-shell.js'
import { choosePhone } from '../adb/choose-phone.js'
import { conditionLine, parseCondition } from './phone-condition.js'
import { isEmulated, type PhoneFacts, parseFacts, phoneFactsLine } from './phone-facts.js'

/** /sdcard allows no programs; here they may run. */
export const phoneFolder = '/data/local/tmp/mnas'
const limitMs = 20_000

/** A phone's facts, asked through its shell. */
export class AndroidSystem implements RemoteSystem {
  readonly shell: AdbShell
  readonly folder = phoneFolder
  readonly #adb: Adb
  readonly #signal: AbortSignal
  readonly #cores = new ChoosableCores()

  constructor(adb: Adb, serial: string, signal: AbortSignal) {
    this.#adb = adb
    this.#signal = signal
    this.shell = new AdbShell(adb, serial, this.folder)
  }

  async identify(): Promise<RemoteIdentity> {
    const facts = await this.facts()
    const { manufacturer, model, build, soc, platform, abi, release, hardware } = facts
    const frequencies = [...facts.frequencies.values()].toSorted((a, b) => a - b)
    const found = await this.#cores.find(facts, this.shell, { limitMs, signal: this.#signal })
    const traits = { manufacturer, model, build, soc, platform, abi, hardware, frequenciesKhz: frequencies, ...found.traits }
    return { kind: 'phone', emulated: isEmulated(facts), traits, details: { android: release }, fastestCores: found.fastestCores }
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
}
