import type { ReportData } from '../data/report-data.js'
import { decisionsPanel } from '../panels/decisions-panel.js'
import { frontPanel } from '../panels/front-panel.js'
import { latencyPanel } from '../panels/latency-panel.js'
import { networkPanel } from '../panels/network-panel.js'
import type { Panel } from '../panels/panel.js'
import { progressPanel } from '../panels/progress-panel.js'
import { settingsPanel } from '../panels/settings-panel.js'
import { type Html, html, trusted } from './html.js'
import { styles } from './styles.js'
import { summaryOf } from './summary.js'

/** Which parts a report has: what needs a trained network is left out until there is one. */
export function panelsOf(data: ReportData): readonly Panel[] {
  const { best, winner, run } = data
  if (!best || !winner) return [settingsPanel(run)]
  return [
    frontPanel(data),
    progressPanel(data),
    decisionsPanel(data),
    latencyPanel(data),
    networkPanel(winner, best.architecture.input.size),
    settingsPanel(run),
  ]
}

/** Nothing is loaded and nothing runs, whatever stands in the page. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

/** A report as one HTML document that needs nothing else. */
export function reportPage(data: ReportData, panels: readonly Panel[]): string {
  const title = `Search ${data.name}`
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${trusted(styles)}</style>
</head>
<body><main>
<h1>${title}</h1>
${summaryOf(data)}
<nav aria-label="Parts"><ul>${panels.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
<div id="panels">
${panels.map(sectionOf)}</div>
</main></body>
</html>
`.markup
}

function sectionOf({ id, title, text, body }: Panel): Html {
  return html`<section id="${id}" aria-labelledby="${id}-heading"><h2 id="${id}-heading">${title}</h2>
<p>${text}</p>
${body}</section>
`
}
