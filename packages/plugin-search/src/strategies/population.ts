import type { Genome, History, Measured, SearchObjective, TrialOutcome } from '@mnas/core/contracts'

/** A trained candidate: `reward` as it was recorded or found at the first rung, the rest for rewards at other targets. */
export interface Individual extends Measured {
  readonly genome: Genome
  readonly reward: number
}

/** The last so many trained candidates of a history, with rungs all by what they were at the first: they are compared with each other. */
export interface Population {
  readonly size: number
  /** Where in the history the oldest member stands: nothing before it is needed to make this population again. */
  readonly oldest: number
  /** @param index from 0, the oldest first */
  member(index: number): Individual
  /** Takes in what was told since the last call. */
  grow(): void
}

/** @param from position in the history of the oldest member that may join */
export function population(history: History, objective: SearchObjective, size: number, from: number): Population {
  let members: (Individual & { readonly position: number })[] = []
  let read = from
  return {
    get size() {
      return members.length
    },
    get oldest() {
      return members[0]?.position ?? read
    },
    member: (index) => members[index]!,
    grow() {
      for (const outcome of history.outcomes(read)) {
        const position = read++
        const member = individualOf(outcome, objective)
        if (member) members = [...members, { ...member, position }].slice(-size)
      }
    },
  }
}

function individualOf(outcome: TrialOutcome, objective: SearchObjective): Individual | null {
  const { genome, facts } = outcome
  if (outcome.status === 'completed' && outcome.rung === undefined)
    return { genome, reward: outcome.reward, facts, metrics: outcome.estimate.metrics }
  if (outcome.status !== 'paused' || outcome.rung > 0) return null
  const { metrics } = outcome.estimate
  return { genome, reward: objective.reward({ metrics, facts }), facts, metrics }
}
