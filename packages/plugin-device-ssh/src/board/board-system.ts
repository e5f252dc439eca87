import { join } from 'node:path/posix'
import { measurementErrors } from '@mnas/core/measurement'
import {
  type Condition,
  fastestCores,
  maskOfList,
  quote,
  type RemoteIdentity,
  type RemoteSystem,
  runSealed,
} from '@mnas/remote-device'
import type { SshShell } from '../ssh/ssh-shell.js'
import { conditionLine, parseCondition } from './board-condition.js'
import { type BoardFacts, boardFactsLine, parseFacts } from './board-facts.js'

const limitMs = 30_000

export interface BoardWish {
  /** The board's Python. */
  readonly python: string
  /** Ours on the board; null: in the user's home. */
  readonly folder: string | null
}

/** A board's facts, asked through its shell. */
export class BoardSystem implements RemoteSystem {
  readonly shell: SshShell
  readonly folder: string
  readonly #python: string
  readonly #signal: AbortSignal
  /** Of the last start: what `taskset` did with the mask of the fastest cores. */
  #cores: { readonly boot: string; readonly mask: string | null } | undefined

  private constructor(shell: SshShell, folder: string, python: string, signal: AbortSignal) {
    this.shell = shell
    this.folder = folder
    this.#python = python
    this.#signal = signal
  }

  /** @throws what reaching the board throws */
  static async open(shell: SshShell, { python, folder }: BoardWish, signal: AbortSignal): Promise<[BoardSystem, BoardFacts]> {
    const facts = await askFacts(shell, python, signal)
    return [new BoardSystem(shell, folder ?? join(facts.home, '.cache/mnas'), python, signal), facts]
  }

  async identify(): Promise<RemoteIdentity> {
    const facts = await askFacts(this.shell, this.#python, this.#signal)
    const { system, machine, bits, kernel, model, processor, release, governor, cores, glibc, python } = facts
    const frequencies = [...facts.frequencies.values()].toSorted((a, b) => a - b)
    return {
      kind: 'board',
      emulated: false,
      traits: { model, processor, cores, machine, bits, system, kernel, release, governor, frequenciesKhz: frequencies },
      details: { glibc, python },
      fastestCores: await this.#pinnable(facts),
    }
  }

  async condition(): Promise<Condition> {
    const { stdout } = await runSealed(this.shell, conditionLine, { limitMs, signal: this.#signal })
    return parseCondition(stdout, new Date().toISOString())
  }

  /** The mask of the fastest cores, if the board lets us choose them: asked of a process that was started with it. */
  async #pinnable({ frequencies, boot }: BoardFacts): Promise<string | null> {
    const mask = fastestCores(frequencies)
    if (mask === null) return null
    if (this.#cores?.boot !== boot || boot === '') {
      const line = `taskset ${quote(mask)} grep Cpus_allowed_list /proc/self/status`
      const { stdout, exitCode } = await runSealed(this.shell, line, { limitMs, signal: this.#signal })
      const allowed = maskOfList(stdout.split(':')[1] ?? '')
      this.#cores = { boot, mask: exitCode === 0 && allowed === mask ? mask : null }
    }
    return this.#cores.mask
  }
}

async function askFacts(shell: SshShell, python: string, signal: AbortSignal): Promise<BoardFacts> {
  const { stdout } = await runSealed(shell, boardFactsLine(python), { limitMs, signal })
  const facts = parseFacts(stdout)
  if (facts) return facts
  const reason = 'it says neither its system nor its processor: expected a POSIX shell there'
  throw measurementErrors.MNAS_DEVICE_UNREACHABLE({ device: shell.name, reason })
}
