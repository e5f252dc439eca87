import { channelCases } from './channel-cases.js'
import { elementwiseCases } from './elementwise-cases.js'
import type { OpCase } from './op-case.js'
import { structureCases } from './structure-cases.js'
import { windowCases } from './window-cases.js'

/** Every op in small graphs of its own, in every variation that an implementation could get wrong. Seeded: always the same. */
export function opCases(): readonly OpCase[] {
  return [...windowCases, ...channelCases, ...elementwiseCases, ...structureCases]
}
