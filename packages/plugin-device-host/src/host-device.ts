import type {
  BenchmarkOptions,
  Device,
  DeviceContext,
  DeviceInfo,
  LatencyMeasurement,
  ModelFile,
  QuietMachine,
  StartedRuntime,
  Tensors,
} from '@mnas/core/contracts'
import { measureInProcesses, measurementErrors, quietMachine, startRuntime } from '@mnas/core/measurement'
import { type ChosenRuntime, chooseRuntime } from './choose-runtime.js'
import { type HostFacts, hostFacts, hostFingerprint, hostState, memoryBytes } from './host-facts.js'

/** This computer, with the runtime that was found when it was opened. @param runtime its name; default: the best there is */
export async function openHost(context: DeviceContext, runtime?: string): Promise<Device> {
  return new HostDevice(await chooseRuntime(context, runtime), await hostFacts(), context)
}

class HostDevice implements Device {
  readonly #chosen: ChosenRuntime
  readonly #facts: HostFacts
  readonly #context: DeviceContext
  readonly #machine: QuietMachine
  /** Once a file was asked. */
  #started: StartedRuntime | null = null

  constructor(chosen: ChosenRuntime, facts: HostFacts, context: DeviceContext) {
    this.#chosen = chosen
    this.#facts = facts
    this.#context = context
    this.#machine = quietMachine(context.cacheFolder, context)
  }

  async describe(): Promise<DeviceInfo> {
    return {
      name: 'host',
      kind: 'host',
      emulated: false,
      formats: [this.#chosen.runtime.format],
      runtime: this.#chosen.info,
      fingerprint: hostFingerprint(this.#facts),
      details: { ...this.#facts, memoryBytes: memoryBytes() },
    }
  }

  /** One round, alone on this machine (see QuietMachine): fresh processes one after another. */
  async benchmark(file: ModelFile, options: BenchmarkOptions): Promise<LatencyMeasurement> {
    this.#checkFormat(file)
    const { runtime, info } = this.#chosen
    const { signal } = this.#context
    const timed = { runtime: info, fingerprint: hostFingerprint(this.#facts), state: hostState, signal }
    const measured = await this.#machine.whileTiming(() =>
      measureInProcesses(options, timed, () => runtime.timeMs(file, options, this.#context)),
    )
    return options.inputs ? { ...measured, given: options.inputs.length } : measured
  }

  infer(file: ModelFile, inputs: AsyncIterable<Tensors>): AsyncIterable<Tensors> {
    this.#checkFormat(file)
    this.#started ??= startRuntime(this.#chosen.runtime, this.#context)
    return this.#started.run(file, inputs)
  }

  async close(): Promise<void> {
    await this.#started?.close()
    this.#started = null
  }

  #checkFormat({ format }: ModelFile): void {
    const formats = [this.#chosen.runtime.format]
    if (!formats.includes(format)) throw measurementErrors.MNAS_DEVICE_FORMAT({ device: 'host', received: format, formats })
  }
}
