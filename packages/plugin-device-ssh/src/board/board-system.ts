import { join } from 'node:path/posix'
import { measurementErrors } from '@mnas/core/measurement'
import { ChoosableCores, type Condition, type RemoteIdentity, type RemoteSystem, runSealed } from '@mnas/remote-device'
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
  readonly #cores = new ChoosableCores()

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
    const found = await this.#cores.find(facts, this.shell, { limitMs, signal: this.#signal })
    const hardware = { model, processor, cores, machine, bits, frequenciesKhz: frequencies, ...found.traits }
    return {
      kind: 'board',
      emulated: false,
      traits: { ...hardware, system, kernel, release, governor },
      details: { glibc, python },
      fastestCores: found.fastestCores,
    }
  }

  async condition(): Promise<Condition> {
    const { stdout } = await runSealed(this.shell, conditionLine, { limitMs, signal: this.#signal })
    return parseCondition(stdout, new Date().toISOString())
  }
}

async function askFacts(shell: SshShell, python: string, signal: AbortSignal): Promise<BoardFacts> {
  const { stdout } = await runSealed(shell, boardFactsLine(python), { limitMs, signal })
  const facts = parseFacts(stdout)
  if (facts) return facts
  const reason = 'it says neither its system nor its processor: expected a POSIX shell there'
  throw measurementErrors.MNAS_DEVICE_UNREACHABLE({ device: shell.name, reason })
}
