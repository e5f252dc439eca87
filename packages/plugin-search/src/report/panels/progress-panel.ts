import { formatMetric } from '@mnas/core/text'
import { formatMs } from '../../results/format-candidates.js'
import { axisOf } from '../chart/axis.js'
import { faintDots, lineOf, plotOf, pointOf, stairsOf, thinned } from '../chart/plot.js'
import type { ReportData } from '../data/report-data.js'
import { type Improvement, improvementsOf } from '../data/trained-trials.js'
import { type Html, html } from '../page/html.js'
import { foldedTable } from '../page/table.js'
import type { Panel } from './panel.js'
import { rewardText } from './reward-text.js'

const mostDots = 1500
const mostPoints = 60

/** The best reward so far, over the trained networks in their order. */
export function progressPanel(data: ReportData): Panel {
  const { trained, headline } = data
  const improvements = improvementsOf(trained)
  return {
    id: 'progress',
    title: 'Progress',
    text: html`The line is the best reward so far, the dots are the rewards of all. The last step up came with network ${
      improvements.at(-1)?.count ?? 0
    } of ${trained.length}.`,
    body: [
      drawn(data, improvements),
      foldedTable({
        caption: 'Steps up of the best reward',
        columns: ['network', 'candidate', 'reward', headline.label, 'latency'],
        rows: improvements.map(({ count, trial: { id, reward, quality, latencyMs } }) => [
          { number: String(count) },
          id,
          { number: rewardText(reward) },
          { number: formatMetric(headline, quality) },
          { number: formatMs(latencyMs) },
        ]),
      }),
    ],
  }
}

function drawn({ trained, headline }: ReportData, improvements: readonly Improvement[]): Html {
  const finite = trained.map(({ reward }) => reward).filter(Number.isFinite)
  const x = axisOf({ title: 'networks trained', values: [0, trained.length], format: String, whole: true })
  const y = axisOf({ title: 'reward', values: finite, format: (value) => String(value) })
  const places = improvements.map(({ count, trial }) => ({ x: x.place(count), y: y.place(trial.reward) }))
  const last = places.at(-1)
  const dots = thinned([...trained.entries()], mostDots)
    .filter(([, { reward }]) => Number.isFinite(reward))
    .map(([index, { reward }]) => ({ x: x.place(index + 1), y: y.place(reward) }))
  const told = improvements.slice(-mostPoints)
  return plotOf({
    id: 'progress-plot',
    title: 'The best reward so far over the trained networks',
    description: `It rises in ${improvements.length} steps from ${rewardText(improvements[0]?.trial.reward ?? 0)} to ${rewardText(improvements.at(-1)?.trial.reward ?? 0)}.`,
    x,
    y,
    marks: [
      faintDots(dots),
      lineOf(last ? [...stairsOf(places), { x: x.place(trained.length), y: last.y }] : []),
      ...told.map(({ count, trial }) =>
        pointOf(
          { x: x.place(count), y: y.place(trial.reward) },
          `network ${count}: ${formatMetric(headline, trial.quality)}, ${formatMs(trial.latencyMs)}`,
        ),
      ),
    ],
  })
}
