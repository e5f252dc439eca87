import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Device, DeviceContext, ModelFile, ModelRuntime, OptionValues } from '@mnas/core/contracts'
import { hashBytes } from '@mnas/core/files'
import { testContext, testFile } from '@mnas/core/testing'
import { androidDriver } from '@mnas/plugin-device-android'
import { SoftwarePhone, type SoftwarePhoneOptions } from '#internal/emulator/software-phone.js'
import { fakeRuntime, inputs, outputs } from './fake-runtime.js'
import { type PrivateAdb, privateAdb, startServer } from './test-adb.js'

/** Phones, an adb of their own, and what a driver is given; all of it ends with `close`. */
export class PhoneBench {
  readonly adb: PrivateAdb
  readonly program: string
  readonly folder: string
  readonly context: DeviceContext
  readonly file: ModelFile
  readonly runtime: ModelRuntime
  readonly warnings: string[] = []
  readonly #phones: SoftwarePhone[] = []
  readonly #devices: Device[] = []

  private constructor(program: string, adb: PrivateAdb) {
    this.program = program
    this.adb = adb
    this.folder = mkdtempSync(join(tmpdir(), 'mnas-bench-'))
    this.runtime = fakeRuntime()
    this.context = testContext([this.runtime], {
      cacheFolder: join(this.folder, 'cache'),
      warn: (text) => void this.warnings.push(text),
    })
    const path = join(this.folder, 'model.tflite')
    const bytes = Buffer.alloc(20_000, 'model')
    writeFileSync(path, bytes)
    this.file = testFile({ path, sizeBytes: bytes.length, sha256: hashBytes(bytes), inputs, outputs })
  }

  static async start(program: string): Promise<PhoneBench> {
    const bench = new PhoneBench(program, await privateAdb(program))
    // What the driver starts, it starts with this process's environment.
    Object.assign(process.env, bench.adb.env)
    return bench
  }

  /** A phone on which every run takes ten milliseconds, by its own account. */
  async phone(faults: readonly string[] = [], options: Partial<SoftwarePhoneOptions> = {}): Promise<SoftwarePhone> {
    const phone = await SoftwarePhone.start({ runtime: this.runtime, around: this.context, faults, fixedMs: 10, ...options })
    this.#phones.push(phone)
    return phone
  }

  options(phone: SoftwarePhone, more: OptionValues = {}): OptionValues {
    return { adb: this.program, 'benchmark-model': phone.tool, ...more }
  }

  async open(phone: SoftwarePhone, more: OptionValues = {}, context: DeviceContext = this.context): Promise<Device> {
    const device = await androidDriver.open({ selector: phone.serial, options: this.options(phone, more) }, context)
    this.#devices.push(device)
    return device
  }

  /** Behind each test: what it opened. */
  async tidy(): Promise<void> {
    for (const device of this.#devices.splice(0)) await device.close()
    for (const phone of this.#phones.splice(0)) {
      await phone.close()
      await this.adb.run('disconnect', phone.serial).catch(() => undefined)
    }
  }

  /** After a test that ended the server. */
  restartAdb(): void {
    startServer(this.program, this.adb)
  }

  async close(): Promise<void> {
    await this.tidy()
    await this.adb.close()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** How often a phone ran a benchmark_model, by its log. */
export const toolRuns = (log: readonly string[]): number =>
  log.filter((line) => /exec .*benchmark_model-\w+ --graph/.test(line)).length
