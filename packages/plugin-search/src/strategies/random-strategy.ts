import type { Strategy, StrategyContext, StrategyFactory } from '@mnas/core/contracts'
import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import { z } from 'zod'
import { randomGenome } from '../space/random-genomes.js'
import { drawWorthwhile } from './draw-worthwhile.js'
import { parseState } from './parse-state.js'
import { propose } from './propose.js'

const stateSchema = z.strictObject({ random: z.array(z.int()), nextId: z.int().min(0) })

/** Uniform draws of the decisions among what is worth training, each architecture once. The baseline that every other strategy has to beat. */
export const randomStrategy: StrategyFactory = { name: 'random', create: (context) => createRandom(context) }
export default randomStrategy

function createRandom(context: StrategyContext): Strategy {
  const { space, seed, history } = context
  let random = xoroshiro128plus(seed)
  let nextId = 0
  const draw = () => randomGenome(space.decisions, random)
  return {
    async ask(n) {
      const proposals = propose(n, nextId, history, (seen) => drawWorthwhile(context, seen, random, draw))
      nextId += proposals.length
      return proposals
    },
    async tell() {},
    state: () => ({ json: { random: [...random.getState()], nextId } }),
    restore({ json }) {
      const state = parseState('random', stateSchema, json)
      random = xoroshiro128plusFromState(state.random)
      nextId = state.nextId
    },
  }
}
