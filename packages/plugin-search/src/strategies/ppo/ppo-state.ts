import type { StrategyState, Tensor } from '@mnas/core/contracts'
import { z } from 'zod'
import { searchErrors } from '../../errors.js'
import { parseState } from '../parse-state.js'
import type { Learned } from './adam.js'
import type { Draw } from './draws.js'

const schema = z.strictObject({
  random: z.array(z.int()),
  nextId: z.int().min(0),
  /** Steps of Adam. */
  steps: z.int().min(0),
  baseline: z.number().nullable(),
  /** Of the networks trained so far, what is learned: how many, and their sum. */
  trained: z.strictObject({ count: z.int().min(0), sum: z.number() }),
  /** At which rewards are given until the next update; null: one network is wanted. */
  targetMs: z.number().nullable(),
  draws: z.array(
    z.strictObject({
      genome: z.array(z.int().min(0)),
      logarithms: z.array(z.number()),
      reward: z.number().nullable(),
    }),
  ),
})
type Noted = Omit<z.infer<typeof schema>, 'steps' | 'draws'>

/** All that PPO cannot read from the history. */
export interface PpoState extends Noted {
  readonly learned: Learned
  readonly draws: readonly Draw[]
}

const vectors = ['weights', 'mean', 'square'] as const satisfies readonly (keyof Learned)[]

/** The tensors change with each update alone, so between two of them a run's store writes the short text. */
export function writePpoState({ learned, draws, ...noted }: PpoState): StrategyState {
  const tensors = Object.fromEntries(vectors.map((name) => [name, vector(learned[name])]))
  const copies = draws.map(({ genome, logarithms, reward }) => ({ genome: [...genome], logarithms: [...logarithms], reward }))
  return { json: { ...noted, steps: learned.steps, draws: copies }, tensors }
}

const vector = (data: Float32Array): Tensor => ({ dtype: 'float32', shape: [data.length], data })

/** @param length of the controller's weights @throws MNAS_SEARCH_STATE */
export function readPpoState({ json, tensors }: StrategyState, length: number): PpoState {
  const { steps, ...noted } = parseState('ppo', schema, json)
  const read = (name: (typeof vectors)[number]): Float32Array => {
    const data = tensors?.[name]?.data
    if (data instanceof Float32Array && data.length === length) return data
    throw searchErrors.MNAS_SEARCH_STATE({ strategy: 'ppo', reason: `tensor "${name}" should hold ${length} float32 values` })
  }
  return { ...noted, learned: { weights: read('weights'), mean: read('mean'), square: read('square'), steps } }
}
