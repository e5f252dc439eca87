import { parseDuration } from '@mnas/core/config'
import { searchErrors } from '../errors.js'
import type { LatencyRange } from '../hypervolume.js'

/** `5ms..20ms` → milliseconds. @throws MNAS_SEARCH_RANGE, MNAS_UNIT */
export function parseLatencyRange(text: string): LatencyRange {
  const [least, most, ...others] = text.split('..')
  if (!least || !most || others.length > 0) throw searchErrors.MNAS_SEARCH_RANGE({ received: text })
  const range = [parseDuration(least), parseDuration(most)] as const
  if (range[0] <= range[1]) return range
  throw searchErrors.MNAS_SEARCH_RANGE({ received: text })
}
