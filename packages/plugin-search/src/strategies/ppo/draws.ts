import type { Genome } from '@mnas/core/contracts'
import type { Rewarded } from './learn.js'

/** A network that the controller drew and has not learned from; its reward is null until its trial has ended. */
export interface Draw extends Omit<Rewarded, 'reward'> {
  readonly reward: number | null
}

/** What was drawn and is not learned from yet, in the order drawn: at most an update's worth and what is still at work. */
export interface Draws {
  add(draw: Draw): void
  /** How the trial of that architecture ended; null: without a reward, so nothing is learned from it. */
  settle(canonical: Genome, reward: number | null): void
  /** The first `count` that have rewards, taken out; null when there are fewer. */
  take(count: number): readonly Rewarded[] | null
  all(): readonly Draw[]
}

/** @param keyOf equal for genomes of one architecture */
export function createDraws(from: readonly Draw[], keyOf: (genome: Genome) => string): Draws {
  let draws = from.map((draw) => ({ draw, key: keyOf(draw.genome) }))
  return {
    add(draw) {
      draws.push({ draw, key: keyOf(draw.genome) })
    },
    settle(canonical, reward) {
      const ended = keyOf(canonical)
      const open = ({ draw, key }: (typeof draws)[number]) => key === ended && draw.reward === null
      draws = draws.flatMap((one) => {
        if (!open(one)) return [one]
        return reward === null ? [] : [{ ...one, draw: { ...one.draw, reward } }]
      })
    },
    take(count) {
      const taken = draws.filter(({ draw }) => draw.reward !== null).slice(0, count)
      if (taken.length < count) return null
      draws = draws.filter((one) => !taken.includes(one))
      return taken.map(({ draw }) => ({ ...draw, reward: draw.reward! }))
    },
    all: () => draws.map(({ draw }) => draw),
  }
}
