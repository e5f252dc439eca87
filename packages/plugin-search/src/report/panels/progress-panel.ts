import { formatMetric } from '@mnas/core/text'
import { formatMs } from '../../results/format-candidates.js'
import { risingPlot } from '../chart/rising-plot.js'
import type { ReportData } from '../data/report-data.js'
import { type Improvement, improvementsOf } from '../data/trained-trials.js'
import { type Html, html } from '../page/html.js'
import { foldedTable } from '../page/table.js'
import type { Panel } from './panel.js'
import { rewardText } from './reward-text.js'

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
  const [first, last] = [improvements[0], improvements.at(-1)].map((step) => rewardText(step?.trial.reward ?? 0))
  return risingPlot({
    id: 'progress-plot',
    title: 'The best reward so far over the trained networks',
    description: `It rises in ${improvements.length} steps from ${first} to ${last}.`,
    value: 'reward',
    steps: improvements.map(({ count, trial }) => ({
      ...{ count, value: trial.reward },
      text: `network ${count}: ${formatMetric(headline, trial.quality)}, ${formatMs(trial.latencyMs)}`,
    })),
    all: trained.map(({ reward }) => reward),
    total: trained.length,
  })
}
