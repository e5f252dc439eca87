import type { ProcessTiming } from '@mnas/core/contracts'
import { matchesOf, milliseconds, number } from './lines.js'

/** `count=152 first=… curr=… min=… max=… avg=… std=…`, new builds with ` p5=… median=… p95=…`; of a single run `count=1 curr=…`. In µs. */
const field = (name: string) => `${name}=(?<${name}>${name === 'avg' ? number.streamed : number.whole})`
const many = ['first', 'curr', 'min', 'max', 'avg', 'std'].map(field).join(' ')
const percentiles = ['p5', 'median', 'p95'].map(field).join(' ')
const statisticsLine = new RegExp(`^count=(?<count>\\d+) (?:curr=(?<only>${number.whole})|${many}(?: ${percentiles})?)$`)

export type Statistics = Pick<ProcessTiming, 'count' | 'medianMs' | 'meanMs' | 'minMs' | 'maxMs' | 'stdMs'> & {
  readonly firstMs: number
}

/** Of each line of statistics, in order; null for one that is damaged, or whose numbers cannot belong together. */
export function parseStatistics(lines: readonly string[]): readonly (Statistics | null)[] {
  return lines
    .filter((line) => line.includes('count='))
    .map((line) => {
      const [groups] = matchesOf([line], statisticsLine)
      if (!groups) return null
      return groups['only'] === undefined ? ofMany(groups) : ofOne(groups)
    })
}

function ofOne({ count, only = '' }: Readonly<Record<string, string | undefined>>): Statistics | null {
  const ms = milliseconds(only)
  if (count !== '1' || !(ms > 0)) return null
  return { count: 1, medianMs: ms, meanMs: ms, minMs: ms, maxMs: ms, stdMs: 0, firstMs: ms }
}

function ofMany(groups: Readonly<Record<string, string | undefined>>): Statistics | null {
  const ms = (name: string) => milliseconds(groups[name] ?? '')
  const count = Number(groups['count'])
  const [minMs, maxMs, meanMs, stdMs, firstMs] = [ms('min'), ms('max'), ms('avg'), ms('std'), ms('first')]
  // The mean is written with six digits, the rest as whole microseconds.
  const between = (value: number, low: number, high: number) => value >= low * (1 - 1e-5) && value <= high * (1 + 1e-5)
  const plausible =
    count >= 1 &&
    minMs > 0 &&
    [meanMs, firstMs, ms('curr')].every((value) => between(value, minMs, maxMs)) &&
    between(stdMs, 0, maxMs - minMs + 0.001)
  if (!plausible) return null
  const rest = { count, meanMs, minMs, maxMs, stdMs, firstMs }
  if (groups['median'] === undefined) return { ...rest, medianMs: null }
  const [p5, medianMs, p95] = [ms('p5'), ms('median'), ms('p95')]
  const ordered = between(p5, minMs, medianMs) && between(medianMs, p5, p95) && between(p95, medianMs, maxMs)
  return ordered ? { ...rest, medianMs } : null
}
