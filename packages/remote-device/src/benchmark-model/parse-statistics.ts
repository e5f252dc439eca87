import type { ProcessTiming } from '@mnas/core/contracts'
import { matchesOf, number } from './lines.js'

/** `count=152 first=… curr=… min=… max=… avg=… std=…`, new builds with ` p5=… median=… p95=…`; of a single run `count=1 curr=…`. In µs. */
const field = (name: string) => `${name}=(?<${name}>${name === 'avg' ? number.streamed : number.whole})`
const many = ['first', 'curr', 'min', 'max', 'avg', 'std'].map(field).join(' ')
const percentiles = ['p5', 'median', 'p95'].map(field).join(' ')
const statisticsLine = new RegExp(`^count=(?<count>\\d+) (?:curr=(?<only>${number.whole})|${many}(?: ${percentiles})?)$`)

export type Statistics = Pick<ProcessTiming, 'count' | 'medianMs' | 'meanMs' | 'minMs' | 'maxMs' | 'stdMs'> & {
  readonly firstMs: number
}

/** Of each line of statistics, in order; null for one whose numbers cannot belong together. */
export function parseStatistics(lines: readonly string[]): readonly (Statistics | null)[] {
  return matchesOf(lines, statisticsLine).map((groups) => (groups['only'] === undefined ? ofMany(groups) : ofOne(groups)))
}

function ofOne({ count, only }: Readonly<Record<string, string | undefined>>): Statistics | null {
  const ms = Number(only) / 1000
  if (count !== '1' || !(ms > 0)) return null
  return { count: 1, medianMs: ms, meanMs: ms, minMs: ms, maxMs: ms, stdMs: 0, firstMs: ms }
}

function ofMany(groups: Readonly<Record<string, string | undefined>>): Statistics | null {
  const us = (name: string) => Number(groups[name])
  const [count, min, max, avg, std] = [us('count'), us('min'), us('max'), us('avg'), us('std')]
  // The mean is written with six digits, the extremes as they are.
  const between = (value: number, low: number, high: number) => value >= low * (1 - 1e-5) && value <= high * (1 + 1e-5)
  const plausible =
    count >= 1 &&
    min > 0 &&
    [avg, us('first'), us('curr')].every((value) => between(value, min, max)) &&
    between(std, 0, max - min + 1)
  if (!plausible) return null
  const rest = { count, meanMs: avg / 1000, minMs: min / 1000, maxMs: max / 1000, stdMs: std / 1000, firstMs: us('first') / 1000 }
  if (groups['median'] === undefined) return { ...rest, medianMs: null }
  const [p5, median, p95] = [us('p5'), us('median'), us('p95')]
  const ordered = between(p5, min, median) && between(median, p5, p95) && between(p95, median, max)
  return ordered ? { ...rest, medianMs: median / 1000 } : null
}
