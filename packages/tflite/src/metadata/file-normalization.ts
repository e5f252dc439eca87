import type { Preprocessing } from '@mnas/core/contracts'
import type { Normalization } from '@mnas/core/graph'

/** What networks take that know nothing else: −1 to 1. */
const commonNormalization: Normalization = { mean: [127.5, 127.5, 127.5], std: [127.5, 127.5, 127.5] }

/**
 * How pixels are normalised for a file of a model. MediaPipe knows one mean and one deviation for all channels, and refuses a file with more; so a
 * model that has them per channel gets pixels of −1 to 1, and its graph does the rest.
 */
export function fileNormalization({ mean, std }: Preprocessing): Normalization {
  const equal = (values: readonly number[]) => values.every((value) => value === values[0])
  return equal(mean) && equal(std) ? { mean, std } : commonNormalization
}
