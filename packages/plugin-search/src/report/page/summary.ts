import type { Json } from '@mnas/core/contracts'
import { formatSeconds } from '@mnas/core/events'
import { formatMetric } from '@mnas/core/text'
import { costColumns, formatCosts, formatMs } from '../../results/format-candidates.js'
import type { ReportData } from '../data/report-data.js'
import { qualityOf, totalMsOf } from '../panels/front-panel.js'
import { type Html, html } from './html.js'

/** The figures that one looks for first. */
export function summaryOf({ best, headline, counts, rungCounts, activeSeconds, run }: ReportData): Html {
  const { strategy, objective, size, device } = run.settings
  const { completed, rejected, failed, lost, paused = 0, transferred = 0 } = counts
  const facts: readonly (readonly [string, string])[] = [
    ...(best
      ? [
          ['best candidate', best.id] as const,
          [headline.label, formatMetric(headline, qualityOf(best))] as const,
          ['latency', formatMs(totalMsOf(best))] as const,
          ...formatCosts(best).map((value, index) => [costColumns[index]!, value] as const),
        ]
      : [['best candidate', 'none yet'] as const]),
    ['trained', String(completed)],
    ...(transferred > 0 ? [['trained by the run of --from', String(transferred)] as const] : []),
    ...rungCounts.map((trained, rung) => [`trained at rung ${rung + 1}`, String(trained)] as const),
    ...(rungCounts.length > 0 ? [['waiting at a rung', String(paused)] as const] : []),
    ['too slow or too large', String(rejected)],
    ['failed', String(failed + lost)],
    ['working time', formatSeconds(activeSeconds)],
  ]
  return html`<p class="lead">Strategy ${String(strategy)}, objective ${String(objective)}, ${String(size)} px, on ${nameOf(device)}.</p>
<dl>${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

function nameOf(device: Json | undefined): string {
  return typeof device === 'object' && device !== null && 'name' in device
    ? `device ${String(device['name'])}`
    : 'an unknown device'
}
