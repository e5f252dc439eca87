import { type DeviceCopies, disposeTensors } from './accelerators/device-memory.js'
import type { OrtTensor } from './runtime/load-runtime.js'
import type { TrainingState } from './training-state.js'
import { stepNames } from './training-step.js'

type OrtTensors = Readonly<Record<string, OrtTensor>>

/**
 * Weights, slots and averages in the memory of a device, from step to step: what a step puts out is what the next one reads. The host's
 * state is filled anew only when somebody wants to see it (a checkpoint, an evaluation).
 */
export class DeviceState {
  readonly #host: TrainingState
  readonly #copies: Pick<DeviceCopies, 'toDevice' | 'toHost' | 'close'>
  /** Null while the host's state is the newer one. */
  #tensors: Record<string, OrtTensor> | null = null
  #hostIsCurrent = true

  /** @param copies of tensors of the host's shapes; closed with the state */
  constructor(host: TrainingState, copies: Pick<DeviceCopies, 'toDevice' | 'toHost' | 'close'>) {
    this.#host = host
    this.#copies = copies
  }

  async feeds(): Promise<OrtTensors> {
    this.#tensors ??= { ...(await this.#copies.toDevice(this.#host.feeds)) }
    return this.#tensors
  }

  /** Takes over what a step put out; of one that was not applied, the running statistics. */
  advance(outputs: OrtTensors, applied: boolean): void {
    const tensors = this.#tensors!
    for (const [name, previous] of Object.entries(tensors)) {
      const next = outputs[stepNames.next(name)]
      if (!next) continue
      const taken = applied || this.#host.isStatistic(name)
      disposeTensors([taken ? previous : next])
      if (taken) tensors[name] = next
    }
    this.#hostIsCurrent = false
  }

  /** Brings the host's state up to date. */
  async refreshHost(): Promise<void> {
    if (this.#hostIsCurrent) return
    this.#host.overwrite(await this.#copies.toHost(this.#tensors!))
    this.#hostIsCurrent = true
  }

  /** The host's state was set to something else. */
  forget(): void {
    disposeTensors(Object.values(this.#tensors ?? {}))
    this.#tensors = null
    this.#hostIsCurrent = true
  }

  async close(): Promise<void> {
    this.forget()
    await this.#copies.close()
  }
}
