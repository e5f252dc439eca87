import type { Pace, Progress } from './reporter.js'

/** Weight of the newest interval: the estimate follows a change of speed within some ten reports. */
const newestWeight = 0.2
/** Reports closer together than this are counted into the next interval: their clock noise would be all one sees. */
const shortestIntervalMs = 50

/** Estimates the pace of one stage from its progress reports: an exponentially weighted mean of the seconds that a unit takes. */
export function paceMeter(): (progress: Progress, nowMs: number) => Pace {
  let last: { readonly done: number; readonly atMs: number } | undefined
  let secondsPerUnit: number | undefined
  return ({ done, total }, nowMs) => {
    if (last === undefined || done < last.done) {
      last = { done, atMs: nowMs }
      secondsPerUnit = undefined
    } else if (done > last.done && nowMs - last.atMs >= shortestIntervalMs) {
      const newest = (nowMs - last.atMs) / 1000 / (done - last.done)
      secondsPerUnit = secondsPerUnit === undefined ? newest : secondsPerUnit + newestWeight * (newest - secondsPerUnit)
      last = { done, atMs: nowMs }
    }
    if (secondsPerUnit === undefined) return { perSecond: undefined, remainingSeconds: undefined }
    return { perSecond: 1 / secondsPerUnit, remainingSeconds: Math.max(0, total - done) * secondsPerUnit }
  }
}

/** `42s`, `3m 05s`, `2h 07m`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const two = (value: number) => String(value).padStart(2, '0')
  if (whole < 60) return `${whole}s`
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${two(whole % 60)}s`
  return `${Math.floor(whole / 3600)}h ${two(Math.floor((whole % 3600) / 60))}m`
}

/** Three significant digits, none lost before the point: `0.42`, `12.3`, `4120`. */
export function formatRate(perSecond: number): string {
  return perSecond >= 100 ? perSecond.toFixed(0) : String(Number(perSecond.toPrecision(3)))
}

/** `120/2014 images · 84.1 images/s · ETA 23s · note` */
export function describeProgress(progress: Progress, pace: Pace): string {
  const { done, total, unit, note } = progress
  const parts = [`${done}/${total} ${unit}`]
  if (pace.perSecond !== undefined) parts.push(describeRate(pace.perSecond, unit))
  if (pace.remainingSeconds !== undefined && done < total) parts.push(`ETA ${formatSeconds(pace.remainingSeconds)}`)
  if (note) parts.push(note)
  return parts.join(' · ')
}

/** Slow work reads better the other way round: `4m 10s each`. */
function describeRate(perSecond: number, unit: string): string {
  return perSecond < 0.2 ? `${formatSeconds(1 / perSecond)} each` : `${formatRate(perSecond)} ${unit}/s`
}
