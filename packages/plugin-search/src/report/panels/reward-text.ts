/** A reward has no unit, and its size is the objective's business. */
export const rewardText = (reward: number): string => reward.toPrecision(4)
