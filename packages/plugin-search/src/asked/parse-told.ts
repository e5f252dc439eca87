import { parsePairs } from '@mnas/core/config'
import type { Headline, Json, Metrics } from '@mnas/core/contracts'
import { askedErrors } from '../asked-errors.js'

/**
 * `top1=.71`, and whatever else is to be kept of a training.
 * @param headline what the run learns: it must be among them, and a fraction
 * @throws MNAS_SEARCH_METRIC, MNAS_CONFIG_PAIR
 */
export function parseTold(pairs: readonly string[], { name: learned }: Headline): Metrics {
  const metrics = Object.fromEntries(Object.entries(parsePairs(pairs)).map(([name, value]) => [name, parseNumber(name, value)]))
  const value = metrics[learned]
  const expected = `${learned}=VALUE with a value from 0 to 1`
  if (value === undefined) {
    const received = Object.keys(metrics).join(', ') || 'none'
    throw askedErrors.MNAS_SEARCH_METRIC({ expected, received })
  }
  if (value >= 0 && value <= 1) return metrics
  const percent = value > 1 && value <= 100 ? ` (${value} % is ${learned}=${Number((value / 100).toPrecision(6))})` : ''
  throw askedErrors.MNAS_SEARCH_METRIC({ expected, received: `${learned}=${value}${percent}` })
}

/** `.71` is no JSON, and a number all the same. */
function parseNumber(name: string, said: Json): number {
  const isEmpty = typeof said === 'string' && said.trim() === ''
  const value = typeof said === 'number' || (typeof said === 'string' && !isEmpty) ? Number(said) : Number.NaN
  if (Number.isFinite(value)) return value
  throw askedErrors.MNAS_SEARCH_METRIC({ expected: `${name}=NUMBER`, received: `${name}=${String(said)}` })
}
