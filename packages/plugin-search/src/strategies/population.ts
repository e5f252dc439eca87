import type { Genome, History, Measured } from '@mnas/core/contracts'

/** A trained candidate: `reward` as it was recorded, the rest for rewards at other targets. */
export interface Individual extends Measured {
  readonly genome: Genome
  readonly reward: number
}

/** The last so many trained candidates of a history. */
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
export function population(history: History, size: number, from: number): Population {
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
        if (outcome.status !== 'completed') continue
        const { genome, reward, facts, estimate } = outcome
        members = [...members, { genome, reward, facts, metrics: estimate.metrics, position }].slice(-size)
      }
    },
  }
}
