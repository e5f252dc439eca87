import { formatMetric } from '@mnas/core/text'
import { growingHypervolume } from '../../hypervolume.js'
import { formatMs } from '../../results/format-candidates.js'
import { risingPlot } from '../chart/rising-plot.js'
import type { ReportData } from '../data/report-data.js'
import { type Improvement, improvementsOf } from '../data/trained-trials.js'
import { type Html, html, nothing } from '../page/html.js'
import { foldedTable } from '../page/table.js'
import type { Panel } from './panel.js'
import { rewardText } from './reward-text.js'

/** The best reward so far, over the trained networks in their order; of a front its hypervolume, too. */
export function progressPanel(data: ReportData): Panel {
  const { trained, rangeMs } = data
  const rewards = improvementsOf(trained, ({ reward }) => reward)
  const grown = rangeMs && growingHypervolume(rangeMs)
  const volumes = grown ? improvementsOf(trained, (trial) => grown(trial)) : []
  const isFront = volumes.length > 0
  return {
    id: 'progress',
    title: 'Progress',
    text: html`The line is the best reward so far, the dots are the rewards of all. The last step up came with network ${
      rewards.at(-1)?.count ?? 0
    } of ${trained.length}.${
      isFront
        ? html` Below it the hypervolume of their front: the mean of the best ${data.headline.label} over all targets of its range.`
        : nothing
    }`,
    body: [
      ...rising(data, {
        id: 'progress',
        value: 'reward',
        of: 'best reward',
        steps: rewards,
        all: trained.map(({ reward }) => reward),
      }),
      ...(isFront ? rising(data, { id: 'hypervolume', value: 'hypervolume', of: 'hypervolume', steps: volumes, all: [] }) : []),
    ],
  }
}

interface Rising {
  readonly id: string
  /** At the axis, and in sentences. */
  readonly value: string
  readonly of: string
  readonly steps: readonly Improvement[]
  readonly all: readonly number[]
}

/** A plot and its table. */
function rising({ trained, headline }: ReportData, { id, value, of, steps, all }: Rising): readonly Html[] {
  const [first, last] = [steps[0], steps.at(-1)].map((step) => rewardText(step?.value ?? 0))
  return [
    risingPlot({
      id: `${id}-plot`,
      title: `The ${of} so far over the trained networks`,
      description: `It rises in ${steps.length} steps from ${first} to ${last}.`,
      value,
      steps: steps.map((step) => ({
        ...{ count: step.count, value: step.value },
        text: `network ${step.count}: ${formatMetric(headline, step.trial.quality)}, ${formatMs(step.trial.latencyMs)}`,
      })),
      all,
      total: trained.length,
    }),
    foldedTable({
      caption: `Steps up of the ${of}`,
      columns: ['network', 'candidate', value, headline.label, 'latency'],
      rows: steps.map((step) => [
        { number: String(step.count) },
        step.trial.id,
        { number: rewardText(step.value) },
        { number: formatMetric(headline, step.trial.quality) },
        { number: formatMs(step.trial.latencyMs) },
      ]),
    }),
  ]
}
