import type { Optimizer } from '../../contracts/index.js'

export interface OptimizerSlot {
  readonly name: string
  /** Its value before the first step. */
  readonly initial: number
}

/**
 * What each optimizer remembers per weight, in the order in which engines keep it; the names are those of checkpoints. RMSProp's mean square
 * starts at 1, as TensorFlow 1 has it.
 */
export const optimizerSlots = {
  sgd: [{ name: 'momentum', initial: 0 }],
  rmsprop: [
    { name: 'momentum', initial: 0 },
    { name: 'meanSquare', initial: 1 },
  ],
} as const satisfies Readonly<Record<Optimizer['kind'], readonly OptimizerSlot[]>>
