import type { Decision, Genome } from '@mnas/core/contracts'

/** What a choice came to among the trained networks that made it. */
export interface ChoiceEffect {
  /** As the space writes it. */
  readonly choice: string
  readonly trials: number
  /** Of their rewards. */
  readonly mean: number
}

/** How much of the rewards' spread goes with one decision. */
export interface DecisionEffect {
  readonly name: string
  /** Sum of squares between its choices over the whole (η²), 0–1. */
  readonly share: number
  /** What a decision without any effect would have on the mean: (choices − 1) / (trials − 1). */
  readonly chance: number
  /** Those that were made, in the space's order. */
  readonly choices: readonly ChoiceEffect[]
}

export interface RewardedGenome {
  /** Canonical. */
  readonly genome: Genome
  readonly reward: number
}

/**
 * The main effect of every decision on the reward, the strongest first; those that all networks decided alike are left out. Descriptive:
 * a search decides many things at once and good ones more often, so that shares are no causes and need not add up to 1.
 */
export function decisionEffects(decisions: readonly Decision[], trained: readonly RewardedGenome[]): readonly DecisionEffect[] {
  const finite = trained.filter(({ reward }) => Number.isFinite(reward))
  const mean = meanOf(finite.map(({ reward }) => reward))
  const total = finite.reduce((sum, { reward }) => sum + (reward - mean) ** 2, 0)
  if (!(total > 0)) return []
  return decisions
    .flatMap(({ name, choices }, index): readonly DecisionEffect[] => {
      const made = choices.flatMap((choice, at): readonly ChoiceEffect[] => {
        const rewards = finite.filter(({ genome }) => genome[index] === at).map(({ reward }) => reward)
        return rewards.length === 0 ? [] : [{ choice: textOf(choice), trials: rewards.length, mean: meanOf(rewards) }]
      })
      if (made.length < 2) return []
      const between = made.reduce((sum, choice) => sum + choice.trials * (choice.mean - mean) ** 2, 0)
      return [{ name, share: Math.min(1, between / total), chance: (made.length - 1) / (finite.length - 1), choices: made }]
    })
    .sort((a, b) => b.share - a.share)
}

const textOf = (choice: Decision['choices'][number]) => (typeof choice === 'string' ? choice : JSON.stringify(choice))

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}
