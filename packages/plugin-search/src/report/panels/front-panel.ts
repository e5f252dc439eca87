import type { Headline } from '@mnas/core/contracts'
import { formatMetric } from '@mnas/core/text'
import type { Candidate } from '../../answers/parts/candidate.js'
import { costColumns, formatCosts, formatMs } from '../../results/format-candidates.js'
import { axisOf } from '../chart/axis.js'
import { faintDots, lineOf, markedAt, plotOf, pointOf, stairsOf, thinned } from '../chart/plot.js'
import type { ReportData } from '../data/report-data.js'
import { type Html, html, nothing } from '../page/html.js'
import { type Cell, foldedTable } from '../page/table.js'
import type { Panel } from './panel.js'

/** More dots are a cloud that looks the same and makes a large file. */
const mostDots = 1500
/** Everyone is a stop of the Tab key. */
const mostPoints = 60

/** What counts of a candidate: with what runs behind it, as the file that it will be. */
export const qualityOf = ({ accuracy, quantized }: Candidate): number => quantized?.accuracy ?? accuracy
export const totalMsOf = ({ latencyMs, totalMs }: Candidate): number => totalMs ?? latencyMs

/** Accuracy over latency: all that was trained here, and what no other one beats. */
export function frontPanel(data: ReportData): Panel {
  const { front, trained, headline, best } = data
  const unstable = front.some(({ stable }) => !stable)
  const { transferred = 0 } = data.counts
  const elsewhere = transferred > 0 ? ` here, and ${transferred} by the run of --from` : ''
  return {
    id: 'front',
    title: 'The front',
    text: html`${trained.length} networks were trained${elsewhere}; of ${front.length} of them no other one is both faster and better.${
      trained.length > mostDots ? html` ${mostDots} of the dots are drawn.` : nothing
    }${unstable ? html` "Unstable": its timings differed between processes more than they should.` : nothing}`,
    body: [
      drawn(data),
      foldedTable({
        caption: 'The front, the fastest first (MACs: multiply-adds)',
        columns: ['candidate', headline.label, 'latency', ...costColumns, 'MACs', 'trial'],
        rows: front.map((one) => rowOf(one, headline, one.id === best?.id)),
      }),
      ...trainedAgain(data),
    ],
  }
}

/** Which of the finalists is the winner is decided by two trainings. */
function trainedAgain({ finalists, headline, best }: ReportData): readonly Html[] {
  if (finalists.length === 0) return []
  const rows = finalists.map(({ id, accuracy, again }): readonly Cell[] => [
    id === best?.id ? `${id} (best)` : id,
    { number: formatMetric(headline, accuracy) },
    { number: again ? formatMetric(headline, again.accuracy) : '' },
    { number: again ? formatMetric(headline, again.mean) : '' },
  ])
  const caption = 'Trained again from another seed before one was called the best'
  return [foldedTable({ caption, columns: ['candidate', headline.label, 'again', 'mean'], rows })]
}

/** What the search was told of latency. */
function limitsOf({ run, rangeMs }: ReportData): readonly { readonly ms: number; readonly text: string }[] {
  const { targetMs } = run.settings
  if (rangeMs) return rangeMs.map((ms, index) => ({ ms, text: `${index === 0 ? 'from' : 'to'} ${formatMs(ms)}` }))
  return typeof targetMs === 'number' ? [{ ms: targetMs, text: `target ${formatMs(targetMs)}` }] : []
}

function drawn(data: ReportData): Html {
  const { front, trained, headline, best } = data
  const limits = limitsOf(data)
  const x = axisOf({
    title: 'latency in ms',
    values: [...trained.map(({ latencyMs }) => latencyMs), ...front.map(totalMsOf), ...limits.map(({ ms }) => ms)],
    format: String,
  })
  const y = axisOf({
    title: headline.label,
    values: [...trained.map(({ quality }) => quality), ...front.map(qualityOf)],
    format: (value) => (headline.percent ? `${Math.round(value * 1000) / 10} %` : String(value)),
  })
  const placeOf = (one: Candidate) => ({ x: x.place(totalMsOf(one)), y: y.place(qualityOf(one)) })
  const dots = thinned(trained, mostDots).map(({ latencyMs, quality }) => ({ x: x.place(latencyMs), y: y.place(quality) }))
  return plotOf({
    id: 'front-plot',
    title: `${headline.label} over latency`,
    description: describe(front, headline),
    x,
    y,
    marks: [
      ...limits.map(({ ms, text }) => markedAt(x.place(ms), text)),
      faintDots(dots),
      lineOf(stairsOf(front.map(placeOf))),
      ...thinned(front, mostPoints).map((one) =>
        pointOf(placeOf(one), inWords(one, headline, one.id === best?.id), one.id === best?.id ? 'point best' : 'point'),
      ),
    ],
  })
}

function inWords(one: Candidate, headline: Headline, isBest: boolean): string {
  return `${isBest ? 'best, ' : ''}${one.id}: ${formatMetric(headline, qualityOf(one))}, ${formatMs(totalMsOf(one))}`
}

function describe(front: readonly Candidate[], headline: Headline): string {
  const [first, last] = [front[0], front.at(-1)]
  if (!first || !last) return 'Nothing was trained.'
  const end = (one: Candidate) => `${formatMetric(headline, qualityOf(one))} at ${formatMs(totalMsOf(one))}`
  if (first === last) return `One network is on the front: ${end(first)}.`
  return `The front goes from ${end(first)} to ${end(last)}, over ${front.length} networks.`
}

function rowOf(one: Candidate, headline: Headline, isBest: boolean): readonly Cell[] {
  return [
    isBest ? `${one.id} (best)` : one.id,
    { number: formatMetric(headline, qualityOf(one)) },
    { number: `${formatMs(totalMsOf(one))}${one.stable ? '' : ' (unstable)'}` },
    ...formatCosts(one).map((number) => ({ number })),
    { number: `${(one.macs / 1e6).toFixed(1)} M` },
    { number: String(one.trial) },
  ]
}
