import type { OperatorTime } from './files/file-facts.js'

/** What the latency of a file holds of the operator behind its graph, for people. */
export function describeOperator(time: OperatorTime): string {
  const { operator, withoutMs, timedOn, reason } = time
  switch (timedOn) {
    case 'device':
      return `${operator} ${costOf(time)}; ${ms(withoutMs)} without it`
    case 'computer':
      return `${operator} is not in it, because ${reason}; on this computer it ${costOf(time)}`
    case 'nothing':
      return `${operator} is not in it, because ${reason}`
    default:
      return timedOn satisfies never
  }
}

function costOf({ costMs, largestMs, photos }: OperatorTime): string {
  if (costMs === null) return 'was not measured'
  const most = largestMs === null ? '' : `, ${ms(largestMs)} at most`
  return `takes ${ms(costMs)} on the mean of ${photos} photos${most}`
}

const ms = (value: number) => `${value.toFixed(Math.abs(value) < 10 ? 3 : 2)} ms`
