import type { Genome, Proposal, StrategyState } from '@mnas/core/contracts'
import { z } from 'zod'
import { searchErrors } from '../../errors.js'
import { genomeOfKey, keyOf } from '../../genome-key.js'
import { parseState } from '../parse-state.js'
import { type Kept, mostKept } from './observations.js'

const schema = z.strictObject({
  random: z.array(z.int()),
  nextId: z.int().min(0),
  /** Networks that are trained before the model is asked. */
  first: z.int().min(1),
  /** Of the last fit; null: there was none. */
  steps: z.strictObject({ kinds: z.int(), costs: z.int(), pairs: z.int(), noise: z.int() }).nullable(),
  /** Proposed and not told. */
  pending: z.array(z.strictObject({ id: z.int().min(0), genome: z.string() })),
  /** Outcomes read when networks went last. */
  read: z.int().min(0),
})

/** All that the model cannot read from the history, or not soon enough. */
export interface ModelState extends Omit<z.infer<typeof schema>, 'pending' | 'read'> {
  readonly pending: readonly Proposal[]
  readonly kept: Kept
}

/** Behind the positions, which take as much room however many there are. */
const none = -1

/** The tensor changes once in fifty trainings, so between them a run's store writes the short text. */
export function writeModelState({ random, nextId, first, steps, pending, kept }: ModelState): StrategyState {
  const data = new Int32Array(mostKept).fill(none)
  data.set(kept.positions)
  const asked = pending.map(({ id, genome }) => ({ id, genome: keyOf(genome) }))
  return {
    json: { random: [...random], nextId, first, steps: steps && { ...steps }, pending: asked, read: kept.read },
    tensors: { kept: { dtype: 'int32', shape: [mostKept], data } },
  }
}

/** @throws MNAS_SEARCH_STATE */
export function readModelState({ json, tensors }: StrategyState): ModelState {
  const { pending, read, ...state } = parseState('model', schema, json)
  const data = tensors?.['kept']?.data
  if (!(data instanceof Int32Array) || data.length !== mostKept)
    throw searchErrors.MNAS_SEARCH_STATE({ strategy: 'model', reason: `tensor "kept" should hold ${mostKept} int32 values` })
  const positions = [...data].filter((position) => position !== none)
  const proposals = pending.map(({ id, genome }): { id: number; genome: Genome } => ({ id, genome: genomeOfKey(genome) }))
  return { ...state, pending: proposals, kept: { positions, read } }
}
