import { type ArchitectureReport, type ReportedRow, rowInWords } from '@mnas/core/graph'
import { networkDrawing } from '../chart/network-drawing.js'
import { html } from '../page/html.js'
import { type Cell, tableOf } from '../page/table.js'
import type { Panel } from './panel.js'

/** The winner: its layers drawn, and the paper's table with what each row costs. */
export function networkPanel(winner: ArchitectureReport, inputSize: number): Panel {
  return {
    id: 'network',
    title: 'The winner',
    text: html`${winner.name}, from the image at the top to the answer below. Each bar is a layer: the wider, the larger the side of what it gives;
the taller, the more filters.`,
    body: [
      html`<div class="sides"><div>${networkDrawing(winner.rows, inputSize)}</div>${tableOf({
        caption: 'Its rows (MACs: multiply-adds)',
        columns: ['row', 'layers', 'filters', 'output', 'parameters', 'MACs'],
        rows: winner.rows.map(rowOf),
      })}</div>`,
    ],
  }
}

function rowOf(row: ReportedRow): readonly Cell[] {
  const { filters, outputSize, parameters, macs } = row
  return [
    String(row.row),
    rowInWords(row),
    { number: String(filters) },
    { number: `${outputSize}×${outputSize}` },
    { number: parameters.toLocaleString('en') },
    { number: `${(macs / 1e6).toFixed(1)} M` },
  ]
}
