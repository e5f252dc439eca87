import { formatMetric, formatTable } from '@mnas/core/text'
import type { RunDescription } from './describe-run.js'
import { costColumns, formatCosts, formatFinalists, formatMs, formatPostProcessing, formatRange } from './format-candidates.js'
import { formatAccuracy } from './format-latencies.js'
import { rangeOf } from './search-results.js'

/** What `search show` prints of a run, line by line. */
export function showRun(folder: string, run: RunDescription): readonly string[] {
  const { headline, postProcessing, settings, counts, activeSeconds, latencyModel, best, finalists, front, trials } = run
  const { range } = rangeOf(run, front)
  const { strategy, objective, size } = settings
  return [
    `${folder}: ${counts.completed} trained, ${counts.rejected} too slow, ${counts.failed + counts.lost} failed`,
    `${strategy}, objective ${objective}, ${size} px, ${activeSeconds.toFixed(0)} s so far`,
    ...(latencyModel ? [`latency model: ${formatAccuracy(latencyModel)}`] : []),
    ...(postProcessing ? [formatPostProcessing(postProcessing)] : []),
    ...(range ? [formatRange(range)] : []),
    ...trialTable(run),
    ...(run.leases ?? []).map(({ trial, worker, until }) => `trial ${trial}: with ${worker} until ${until}`),
    ...formatFinalists(finalists, headline, best?.id),
    ...(counts.rejected > 0 ? [`${counts.rejected} were too slow and are not listed here; --json has them.`] : []),
    ...trials.flatMap(({ trial, error }) => (error ? [`trial ${trial}: ${error}`] : [])),
  ]
}

function trialTable({ headline, best, trials, rangeMs }: RunDescription): readonly string[] {
  const precision = trials.find(({ quantized }) => quantized)?.quantized?.precision
  const withRungs = trials.some(({ rung }) => rung !== undefined)
  const withRange = rangeMs !== null
  const rows = trials
    .filter(({ status }) => status !== 'infeasible')
    .map(({ trial, id, status, latencyMs, latencySource, accuracy, quantized, hypervolume, rung, ...costs }) => [
      `${trial}`,
      id === best?.id ? `${id} *` : id,
      status,
      ...(withRungs ? [rung === undefined ? '' : `${rung}`] : []),
      `${latencySource === 'measured' ? '' : '≈ '}${formatMs(latencyMs)}`,
      accuracy === null ? '' : formatMetric(headline, accuracy),
      ...(precision ? [quantized ? formatMetric(headline, quantized.accuracy) : ''] : []),
      ...formatCosts(costs),
      ...(withRange ? [hypervolume?.toFixed(4) ?? ''] : []),
    ])
  const columns = [
    ...['trial', 'candidate', 'status'],
    ...(withRungs ? ['rung'] : []),
    ...['latency', headline.label],
    ...(precision ? [`as ${precision}`] : []),
    ...costColumns,
    ...(withRange ? ['hypervolume'] : []),
  ]
  return formatTable(columns, rows, ['candidate'])
}
