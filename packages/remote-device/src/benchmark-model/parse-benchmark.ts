import type { ProcessTiming } from '@mnas/core/contracts'
import type { BenchmarkReport } from './benchmark-report.js'
import { linesOf, matchesOf, milliseconds, number } from './lines.js'
import { parseDelegates } from './parse-delegates.js'
import { parseStatistics, type Statistics } from './parse-statistics.js'

/**
 * What one run of benchmark_model said, of either dialect, old or new; null when it said no time that can be believed: a line is missing or
 * there twice, a number is written otherwise than the tool writes it, numbers contradict each other.
 * @param output standard output and error together
 * @param runs as many as were asked for
 */
export function parseBenchmark(output: string, runs: number): BenchmarkReport | null {
  const lines = linesOf(output)
  const timing = lines.includes(resultsHead) ? compiledTiming(lines, runs) : classicTiming(lines)
  if (!timing || timing.count < runs) return null
  const dialect = lines.includes(resultsHead) ? 'compiled-model' : 'classic'
  return { dialect, timing: { ...timing, ...memoryOf(lines) }, delegates: parseDelegates(output) }
}

const newSummary = new RegExp(
  `^Inference timings in us: Init: (?<init>${number.whole}), First inference: (?<first>${number.whole}), ` +
    `Warmup \\(avg\\): (?<warmup>${number.streamed}), Inference \\(avg\\): (?<avg>${number.streamed})$`,
)
const oldSummary = new RegExp(
  `^Average inference timings in us: Warmup: (?<warmup>${number.streamed}), Init: (?<init>${number.whole}), ` +
    `no stats: (?<avg>${number.streamed})$`,
)

/** The first line of statistics is of the warm-up, the second counts; the last line says its mean again. */
function classicTiming(lines: readonly string[]): ProcessTiming | null {
  const measured = measuredStatistics(lines)
  const summaries = [...matchesOf(lines, newSummary), ...matchesOf(lines, oldSummary)]
  const [summary] = summaries
  if (!measured || !summary || summaries.length !== 1) return null
  // Both are written with six digits.
  if (!near(milliseconds(summary['avg'] ?? ''), measured.statistics.meanMs, 1e-5, 0)) return null
  const initMs = milliseconds(summary['init'] ?? '')
  const firstMs = summary['first'] === undefined ? measured.warmUp.firstMs : milliseconds(summary['first'])
  const { firstMs: _, ...statistics } = measured.statistics
  return { ...statistics, ...known({ initMs, firstMs }) }
}

const resultsHead = '===== BENCHMARK RESULTS ====='
const resultsEnd = /^=+$/
const initLine = new RegExp(`^Model initialization: (?<value>${number.fixed}) ms$`)
const firstLine = new RegExp(`^Warmup \\(first\\): (?<value>${number.fixed}) ms$`)
const meanLine = new RegExp(`^Inference \\(avg\\): (?<value>${number.fixed}) ms$`)
const minLine = new RegExp(`^Inference \\(min\\): (?<value>${number.fixed}) ms$`)
const maxLine = new RegExp(`^Inference \\(max\\): (?<value>${number.fixed}) ms$`)
const stdLine = new RegExp(`^Inference \\(std\\): (?<value>${number.fixed})(?: ms)?$`)

/** A block of results with two decimals; where the lines of statistics are there too, their numbers are finer. */
function compiledTiming(lines: readonly string[], runs: number): ProcessTiming | null {
  const block = resultsOf(lines)
  if (!block) return null
  const only = (pattern: RegExp): number | undefined => {
    const [found, ...others] = matchesOf(block, pattern)
    return found && others.length === 0 ? Number(found['value']) : undefined
  }
  const [meanMs, minMs, maxMs, stdMs] = [only(meanLine), only(minLine), only(maxLine), only(stdLine)]
  if (meanMs === undefined || minMs === undefined || maxMs === undefined || stdMs === undefined) return null
  const before = known({ initMs: only(initLine), firstMs: only(firstLine) })
  if (parseStatistics(lines).length === 0) {
    const plausible = minMs > 0 && meanMs >= minMs && meanMs <= maxMs && stdMs <= maxMs - minMs + 0.01
    return plausible ? { count: runs, medianMs: null, meanMs, minMs, maxMs, stdMs, ...before } : null
  }
  const measured = measuredStatistics(lines)
  if (!measured || !near(meanMs, measured.statistics.meanMs, 1e-3, 0.0051)) return null
  const { firstMs: _, ...statistics } = measured.statistics
  return { ...statistics, ...before }
}

function resultsOf(lines: readonly string[]): readonly string[] | null {
  const from = lines.indexOf(resultsHead)
  const to = lines.findIndex((line, at) => at > from && resultsEnd.test(line))
  return to === -1 || lines.lastIndexOf(resultsHead) !== from ? null : lines.slice(from + 1, to)
}

function measuredStatistics(lines: readonly string[]): { readonly warmUp: Statistics; readonly statistics: Statistics } | null {
  const [warmUp, statistics, ...others] = parseStatistics(lines)
  return warmUp && statistics && others.length === 0 ? { warmUp, statistics } : null
}

const peakLine = new RegExp(`^Overall peak memory footprint \\(MB\\) via periodic monitoring: (?<value>${number.streamed})$`)

function memoryOf(lines: readonly string[]): Pick<ProcessTiming, 'peakBytes'> {
  const megabytes = Number(matchesOf(lines, peakLine)[0]?.['value'] ?? 0)
  return megabytes > 0 ? { peakBytes: Math.round(megabytes * 2 ** 20) } : {}
}

/** The times that are there, and more than 0. */
function known(times: { readonly [K in 'initMs' | 'firstMs']: number | undefined }): Pick<ProcessTiming, 'initMs' | 'firstMs'> {
  return Object.fromEntries(Object.entries(times).filter(([, value]) => value !== undefined && value > 0))
}

const near = (a: number, b: number, relative: number, absolute: number) => Math.abs(a - b) <= relative * b + absolute
