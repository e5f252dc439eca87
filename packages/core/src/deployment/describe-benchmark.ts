import type { DeviceBenchmarkAnswer } from '../answers/index.js'
import { doubtsInWords } from '../measurement/index.js'

/** What there is to say of a benchmark behind its latency. */
export function describeBenchmark({ before, load, sustained }: DeviceBenchmarkAnswer): readonly string[] {
  return [...coreLines(before), ...loadLines(load), ...(sustained ? sustainedLines(sustained) : [])]
}

/** Nothing where the system chose them. */
const coreLines = ({ coreMask }: DeviceBenchmarkAnswer['before']): readonly string[] =>
  typeof coreMask === 'string' ? [`cores      mask ${coreMask}`] : []

const ms = (value: number) => `${value >= 100 ? value.toFixed(0) : value.toPrecision(3)} ms`

/** Nothing for a device that tells nothing of it. */
function loadLines({ firstMs, cachedMs, reason, firstInferenceMs, peakBytes }: DeviceBenchmarkAnswer['load']): readonly string[] {
  if (firstMs === null && firstInferenceMs === null && peakBytes === null && cachedMs === null) return []
  const parts = [
    ...(firstMs === null ? [] : [ms(firstMs)]),
    cachedMs === null ? `with its weights prepared unknown (${reason})` : `${ms(cachedMs)} with its weights prepared`,
    ...(firstInferenceMs === null ? [] : [`first inference ${ms(firstInferenceMs)}`]),
    ...(peakBytes === null ? [] : [`${(peakBytes / 2 ** 20).toFixed(1)} MiB at most`]),
  ]
  return [`load       ${parts.join(', ')}`]
}

function sustainedLines(sustained: NonNullable<DeviceBenchmarkAnswer['sustained']>): readonly string[] {
  const { seconds, points, firstMs, lastMs, slowdown, throttled, doubts } = sustained
  const change = `${(100 * Math.abs(slowdown)).toFixed(1)} % ${slowdown < 0 ? 'faster' : 'slower'}`
  const processes = `${points.length} ${points.length === 1 ? 'process' : 'processes'}`
  return [
    `sustained  ${seconds.toFixed(0)} s in ${processes}: ${ms(firstMs)} in the first tenth, ${ms(lastMs)} in the last, ${change}` +
      `${throttled ? ': THROTTLED' : ''}${doubts.length > 0 ? ` (${doubtsInWords(doubts)})` : ''}`,
  ]
}
