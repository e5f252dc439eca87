import { MnasCommand } from '@mnas/core/cli'
import { Args, Flags } from '@oclif/core'
import type { SearchShowAnswer } from '../../answers/index.js'

export default class SearchShow extends MnasCommand {
  static override summary = 'A run: its settings, every candidate and how it ended. Also while the search is going on.'
  static override examples = ['<%= config.bin %> search show runs/photos', '<%= config.bin %> search show runs/photos --json']
  static override flags = {
    check: Flags.boolean({ summary: "read the run's whole database: is it damaged anywhere?" }),
  }
  static override args = { run: Args.string({ required: true, description: 'folder of the run' }) }

  async run(): Promise<SearchShowAnswer> {
    const { args, flags } = await this.parse(SearchShow)
    const { describeRun } = await import('../../results/describe-run.js')
    const { costColumns, formatCosts, formatFinalists, formatMs, formatPostProcessing, formatRange } = await import(
      '../../results/format-candidates.js'
    )
    const { rangeOf } = await import('../../results/search-results.js')
    const { formatAccuracy } = await import('../../results/format-latencies.js')
    const { formatMetric, formatTable } = await import('@mnas/core/text')
    const described = await describeRun(args.run, flags.check)
    const { headline, postProcessing, settings, counts, activeSeconds, latencyModel, best, finalists, front, trials } = described
    const known = { ...rangeOf(described, front), ...(postProcessing && { postProcessing }) }
    const precision = trials.find(({ quantized }) => quantized)?.quantized?.precision
    const withRungs = trials.some(({ rung }) => rung !== undefined)
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
        ...(known.range ? [hypervolume?.toFixed(4) ?? ''] : []),
      ])
    this.log(`${args.run}: ${counts.completed} trained, ${counts.rejected} too slow, ${counts.failed + counts.lost} failed`)
    this.log(
      `${settings['strategy']}, objective ${settings['objective']}, ${settings['size']} px, ${activeSeconds.toFixed(0)} s so far`,
    )
    if (latencyModel) this.log(`latency model: ${formatAccuracy(latencyModel)}`)
    if (postProcessing) this.log(formatPostProcessing(postProcessing))
    if (known.range) this.log(formatRange(known.range))
    const asFile = precision ? [`as ${precision}`] : []
    const growth = known.range ? ['hypervolume'] : []
    const columns = [
      'trial',
      'candidate',
      'status',
      ...(withRungs ? ['rung'] : []),
      'latency',
      headline.label,
      ...asFile,
      ...costColumns,
      ...growth,
    ]
    // One write: there may be a hundred thousand lines.
    this.log(formatTable(columns, rows, ['candidate']).join('\n'))
    for (const line of formatFinalists(finalists, headline, best?.id)) this.log(line)
    if (counts.rejected > 0) this.log(`${counts.rejected} were too slow and are not listed here; --json has them.`)
    for (const { trial, error } of trials) if (error) this.log(`trial ${trial}: ${error}`)
    const ran = { settings, counts, activeSeconds, latencyModel, best: best?.id ?? null, finalists }
    return { version: 1, run: args.run, ...ran, ...known, candidates: front, trials }
  }
}
