import type { Metrics } from '@mnas/core/contracts'

/** Below it precision is chance: a handful of boxes more or less. */
const telling = 0.05

export const earlyQualityName = 'earlyMap50'

/**
 * How good a detector is that may just have begun to learn, 0–1:
 *
 *   map50              where it is above .05
 *   .05 / (1 + loss)   below, by the loss of the held-out photos
 *
 * The second is less than the first, and the less the greater the loss is; so every detector that finds something is before every one that
 * does not yet, and those are in the order of their losses.
 */
export function earlyQuality({ map50 = 0, loss }: Metrics): number {
  if (map50 > telling) return map50
  return loss === undefined ? 0 : telling / (1 + loss)
}
