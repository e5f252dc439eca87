import { posix } from 'node:path'
import type { ModelFile } from '@mnas/core/contracts'
import { pushChecked } from '../shell/push-checked.js'
import type { RunLimits } from '../shell/remote-shell.js'
import type { RemoteSystem } from './remote-system.js'

/** So many models stay there: rounds of one measurement come back to theirs. */
const keptModels = 4

/**
 * Model files on the device, by content: the last few stay, and all go in the end. Two commands that place the same share it: both methods are for
 * a turn on the device (see RemoteDevice), and what was placed in one turn may be gone in the next.
 */
export class PlacedFiles {
  readonly #system: RemoteSystem
  readonly #signal: AbortSignal
  readonly #placed: string[] = []

  constructor(system: RemoteSystem, signal: AbortSignal) {
    this.#system = system
    this.#signal = signal
  }

  get isEmpty(): boolean {
    return this.#placed.length === 0
  }

  /** @returns its path there. @throws as pushChecked */
  async place({ path, sha256, sizeBytes, format }: Pick<ModelFile, 'path' | 'sha256' | 'sizeBytes' | 'format'>): Promise<string> {
    const { shell, folder } = this.#system
    const remote = posix.join(folder, `model-${sha256.slice(0, 16)}.${format}`)
    this.#forget(remote)
    this.#placed.push(remote)
    await pushChecked(shell, { local: path, remote, sha256, sizeBytes }, this.#signal)
    const old = this.#placed.slice(0, -keptModels)
    for (const file of old) this.#forget(file)
    if (old.length > 0) await shell.remove(old, limitsOf(this.#signal))
    return remote
  }

  /** A device that is away keeps what it has; that is no reason to fail. */
  async removeAll(): Promise<void> {
    const files = this.#placed.splice(0)
    await this.#system.shell.remove(files, limitsOf(new AbortController().signal)).catch(() => undefined)
  }

  #forget(file: string): void {
    const at = this.#placed.indexOf(file)
    if (at !== -1) this.#placed.splice(at, 1)
  }
}

const limitsOf = (signal: AbortSignal): RunLimits => ({ limitMs: 10_000, signal })
