import { round } from '../chart/axis.js'
import type { DecisionEffect } from '../data/decision-effects.js'
import type { ReportData } from '../data/report-data.js'
import { type Html, html } from '../page/html.js'
import { foldedTable } from '../page/table.js'
import type { Panel } from './panel.js'
import { rewardText } from './reward-text.js'

/** Of tens of decisions most matter little: the table has them all. */
const mostBars = 12

/** How much of the rewards' spread goes with which decision. */
export function decisionsPanel({ effects, trained }: ReportData): Panel {
  const panel = { id: 'decisions' as const, title: 'Which decisions matter' }
  if (effects === null)
    return { ...panel, text: html`The space of this run is not known here, so its decisions have no names.`, body: [] }
  if (effects.length === 0)
    return {
      ...panel,
      text: html`Too few networks were trained, or all came to the same reward: nothing can be told apart.`,
      body: [],
    }
  return {
    ...panel,
    text: html`The share of the rewards' variance that goes with each decision by itself, among ${trained.length} trained networks; the
tick is what a decision without any effect would show on the mean. This describes what was found and explains nothing: a search decides
many things at once and tries good choices more often, and the shares need not add up to 100 %.`,
    body: [
      drawn(effects.slice(0, mostBars), trained.length),
      foldedTable({
        caption: 'Every decision that varied, and its choices',
        columns: ['decision', 'share', 'by chance', 'choices: networks, mean reward'],
        rows: effects.map((effect) => [
          effect.name,
          { number: percent(effect.share) },
          { number: percent(effect.chance) },
          { long: effect.choices.map(({ choice, trials, mean }) => `${choice}: ${trials}, ${rewardText(mean)}`).join('; ') },
        ]),
      }),
    ],
  }
}

const percent = (share: number) => `${(share * 100).toFixed(0)} %`

const pitch = 36
const barHeight = 12

function drawn(effects: readonly DecisionEffect[], trained: number): Html {
  const place = (share: number) => round(Math.min(1, share) * 100)
  return html`<div class="bars"><svg role="group" height="${effects.length * pitch}" aria-labelledby="decisions-title" aria-describedby="decisions-description">
<title id="decisions-title">Share of the rewards' variance by decision</title>
<desc id="decisions-description">The ${effects.length} strongest of ${trained} networks; ${effects[0]!.name} has ${percent(effects[0]!.share)}.</desc>
${effects.map((effect, index) => bar(effect, index * pitch, place))}</svg></div>`
}

function bar({ name, share, chance }: DecisionEffect, top: number, place: (share: number) => number): Html {
  const y = top + 18
  const text = `${name}: ${percent(share)}, by chance ${percent(chance)}`
  return html`<g class="bar" tabindex="0" role="img" aria-label="${text}"><rect class="row" x="0" y="${top}" width="100%" height="${pitch}"/><text x="0" y="${top + 13}">${name}</text><text class="value" x="100%" y="${top + 13}" text-anchor="end">${percent(share)}</text><rect class="track" x="0" y="${y}" width="100%" height="${barHeight}"/><rect class="fill" x="0" y="${y}" width="${place(share)}%" height="${barHeight}"/><line class="chance" x1="${place(chance)}%" x2="${place(chance)}%" y1="${y - 3}" y2="${y + barHeight + 3}"/></g>
`
}
