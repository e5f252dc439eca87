import type { Dialect } from '@mnas/remote-device'
import type { Faults } from '../faults.js'

export interface UnitLine {
  readonly text: string
  readonly error: boolean
}

export interface UnitLines {
  readonly lines: readonly UnitLine[]
  /** With which the tool ends; null: it goes on. */
  readonly failure: string | null
}

const units = ['gpu', 'nnapi', 'npu'] as const

/** What the tool says of a GPU, or another unit, that it was told to use; the software phone has none unless a fault gives it one. */
export function unitLines(flags: ReadonlyMap<string, string>, dialect: Dialect, faults: Faults): UnitLines {
  const unit = units.find((each) => flags.get(`use_${each}`) === 'true')
  if (!unit) return { lines: [], failure: null }
  const name = unit.toUpperCase()
  const has = (how: string) => faults.names.some((fault) => fault === `${unit}-${how}`)
  const says = (text: string, error = false): UnitLines => ({ lines: [{ text, error }], failure: null })
  const explicitly = (how: string) =>
    `Explicitly applied ${name} delegate, and the model graph will be ${how} executed by the delegate w/ 1 delegate kernels.`
  if (faults.has('ignored-flags'))
    return says(`WARN: Unconsumed cmdline flags: --use_${unit}=true --require_full_delegation=true`)
  if (has('answers')) return dialect === 'classic' ? says(explicitly('completely')) : says(`Using ${name}.`)
  if (has('partial')) return says(explicitly('partially'))
  if (has('refused'))
    return says(`Though ${name} delegate is explicitly applied, the model graph will not be executed by the delegate.`)
  if (has('missing')) return says(`WARNING: Failed to load the ${name} accelerator library.`, true)
  return { lines: [], failure: `Failed to apply the ${name} delegate.` }
}
