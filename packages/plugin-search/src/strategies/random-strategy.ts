import type { Proposal, Strategy, StrategyContext, StrategyFactory } from '@mnas/core/contracts'
import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import { z } from 'zod'
import { drawUnseen, keyOf, randomGenome } from './genome-draws.js'
import { parseState } from './parse-state.js'

const stateSchema = z.strictObject({ random: z.array(z.int()), nextId: z.int().min(0), seen: z.array(z.string()) })

/** Uniform draws of the decisions, each architecture once. The baseline that every other strategy has to beat. */
export const randomStrategy: StrategyFactory = { name: 'random', create: (context) => createRandom(context) }
export default randomStrategy

function createRandom({ space, seed }: StrategyContext): Strategy {
  let random = xoroshiro128plus(seed)
  let nextId = 0
  let seen = new Set<string>()
  return {
    ask(n) {
      const proposals: Proposal[] = []
      while (proposals.length < n) {
        const genome = drawUnseen(space, seen, random, () => randomGenome(space.decisions, random))
        if (genome === null) break
        seen.add(keyOf(genome))
        proposals.push({ id: nextId++, genome })
      }
      return proposals
    },
    tell(outcomes) {
      for (const { genome } of outcomes) seen.add(keyOf(space.canonical(genome)))
    },
    state: () => ({ random: [...random.getState()], nextId, seen: [...seen] }),
    restore(json) {
      const state = parseState('random', stateSchema, json)
      random = xoroshiro128plusFromState(state.random)
      nextId = state.nextId
      seen = new Set(state.seen)
    },
  }
}
