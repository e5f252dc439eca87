import type { Genome, StrategyFactory } from '@mnas/core/contracts'
import { z } from 'zod'
import { parseState } from '../strategies/parse-state.js'

const name = 'given'
const stateSchema = z.strictObject({ next: z.int().min(0) })

/** Proposes these, in their order, and then nothing. */
export const givenStrategy = (genomes: readonly Genome[]): StrategyFactory => ({
  name,
  create() {
    let next = 0
    return {
      async ask(n) {
        const proposals = genomes.slice(next, next + n).map((genome, at) => ({ id: next + at, genome }))
        next += proposals.length
        return proposals
      },
      async tell() {},
      state: () => ({ json: { next } }),
      restore({ json }) {
        next = parseState(name, stateSchema, json).next
      },
    }
  },
})
