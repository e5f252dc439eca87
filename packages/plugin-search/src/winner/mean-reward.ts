import type { CompletedOutcome, SecondTraining } from '../run/records.js'

/**
 * What two trainings of one network come to: the mean of both rewards. Where a file was looked at in one of them alone, that one: as
 * what it was before quantisation a network would win over those of which more is known.
 */
export function meanReward(
  { estimate, reward }: Pick<CompletedOutcome, 'estimate' | 'reward'>,
  again: Extract<SecondTraining, { readonly error: null }>,
): number {
  const [first, second] = [estimate, again.estimate].map(({ quantized }) => quantized !== undefined)
  if (first === second) return (reward + again.reward) / 2
  return second ? again.reward : reward
}
