import { androidErrors } from '../errors.js'

/** What can go wrong with the software phone, on demand; the number behind `=` in brackets. */
export const faultSummaries = {
  vanish: 'goes away in the middle of the first run, for ever or for [seconds]',
  'vanish-before-run': 'goes away once when a model has arrived, and loses it; back after [seconds], 0 at first',
  unauthorized: 'never trusts this computer',
  'no-space': 'has no room for files of more than 10 kB',
  hang: 'a run says its first lines and no more, [times]',
  'wrong-abi': 'comes with a tool for a 32-bit processor',
  'exec-bit': 'files arrive without the right to be run',
  noexec: 'runs nothing from the folder of the tool',
  hot: 'is hot, for ever or for [looks] at its heat',
  noisy: 'every second process takes a third longer',
  drift: 'each process takes longer than the one before, for ever or for [processes]',
  'gpu-missing': 'lacks the library of its GPU, says so and goes on with the CPU',
  'gpu-refused': 'its GPU takes no layer',
  'gpu-partial': 'its GPU takes a part of the layers',
  'nnapi-refused': 'its NNAPI takes no layer',
  'nnapi-partial': 'its NNAPI takes a part of the layers',
  'npu-missing': 'lacks the library of its NPU, says so and goes on with the CPU',
  'ignored-flags': 'comes with a tool that knows no GPU, NNAPI or NPU, warns of their flags and goes on with the CPU',
  'gpu-answers': 'its GPU takes all layers, and gives other answers',
  garbage: 'a run says bytes of no meaning instead of times',
  truncated: 'what a run says ends in the middle',
  interleaved: 'warnings stand in the middle of the lines of a run',
  localized: 'numbers have commas',
  corrupt: 'a file arrives with one wrong byte, [times]',
  'no-cache': 'its tool is of a build that keeps no prepared weights',
  reboot: 'starts anew behind the first run, with another build of its system',
} as const
export type FaultName = keyof typeof faultSummaries
export const faultNames = Object.keys(faultSummaries) as readonly FaultName[]

/** The faults of one phone, some of which wear off. */
export class Faults {
  readonly #left = new Map<FaultName, number | null>()

  /** @param texts `NAME` or `NAME=NUMBER`, each. @throws MNAS_EMULATOR_FAULT */
  constructor(texts: readonly string[]) {
    for (const text of texts) {
      const { name, number } = /^(?<name>[a-z-]+)(?:=(?<number>\d+(?:\.\d+)?))?$/.exec(text)?.groups ?? {}
      const known = faultNames.find((each) => each === name)
      if (!known) throw androidErrors.MNAS_EMULATOR_FAULT({ received: text, known: faultNames })
      this.#left.set(known, number === undefined ? null : Number(number))
    }
  }

  get names(): readonly FaultName[] {
    return [...this.#left.keys()]
  }

  has(name: FaultName): boolean {
    return this.#left.has(name)
  }

  /** The number behind the name; null: none was given. */
  number(name: FaultName): number | null {
    return this.#left.get(name) ?? null
  }

  /** Whether the fault strikes now, which uses it up. @param times that it strikes, when no number says it */
  take(name: FaultName, times: number): boolean {
    if (!this.#left.has(name)) return false
    const left = this.#left.get(name) ?? times
    this.#left.set(name, left - 1)
    return left > 0
  }
}
