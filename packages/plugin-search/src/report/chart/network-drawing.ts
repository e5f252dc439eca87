import { type ReportedRow, rowInWords } from '@mnas/core/graph'
import { type Html, html } from '../page/html.js'
import { round } from './axis.js'

/** Pixels. */
const captionHeight = 20
const gap = 3
const behindRow = 10

interface Band {
  readonly row: ReportedRow
  readonly top: number
  readonly layers: number
  readonly layerHeight: number
  /** Percent. */
  readonly width: number
}

/** A network as a funnel of layers, a caption above each row. @param inputSize side of the image in pixels */
export function networkDrawing(rows: readonly ReportedRow[], inputSize: number): Html {
  const bands = bandsOf(rows, inputSize)
  const last = bands.at(-1)
  const height = last ? last.top + heightOf(last) : 0
  return html`<ul class="key" aria-hidden="true">${kinds.map(({ name, text }) => html`<li><svg><rect class="${name}" width="12" height="12"/></svg>${text}</li>`)}</ul>
<div class="network"><svg role="group" height="${height}" aria-labelledby="drawing-title" aria-describedby="drawing-description">
<title id="drawing-title">The layers of the network</title>
<desc id="drawing-description">${rows.length} rows, from an image of ${inputSize} px to the answer; the table below says the same.</desc>
${bands.map(bandOf)}</svg></div>`
}

const kinds = [
  { name: 'conv', text: 'convolution' },
  { name: 'separable', text: 'separable' },
  { name: 'mbconv', text: 'inverted bottleneck (mbconv)' },
  { name: 'plain', text: 'stem and head' },
]

function bandsOf(rows: readonly ReportedRow[], inputSize: number): readonly Band[] {
  let top = 0
  return rows.map((row) => {
    const layers = row.layers?.repeats ?? 1
    const layerHeight = Math.round(4 + 2 * Math.log2(row.filters))
    const band = { row, top, layers, layerHeight, width: Math.max(4, round(100 * Math.sqrt(row.outputSize / inputSize))) }
    top += heightOf(band) + behindRow
    return band
  })
}

const heightOf = ({ layers, layerHeight }: Omit<Band, 'row' | 'top'>) => captionHeight + layers * (layerHeight + gap)

function bandOf(band: Band): Html {
  const { row, top, layers, layerHeight, width } = band
  const kind = row.layers?.op ?? 'plain'
  const shape = `${row.outputSize}×${row.outputSize}×${row.filters}`
  const text = `row ${row.row}: ${rowInWords(row)}, gives ${shape}`
  const bars = Array.from({ length: layers }, (_, layer) => top + captionHeight + layer * (layerHeight + gap))
  return html`<g class="layer" tabindex="0" role="img" aria-label="${text}"><rect class="row" x="0" y="${top}" width="100%" height="${heightOf(band)}"/><text x="0" y="${top + 13}">${rowInWords(row)}</text><text class="value" x="100%" y="${top + 13}" text-anchor="end">${shape}</text>${bars.map(
    (y) =>
      html`<rect class="${kind}" x="${round((100 - width) / 2)}%" y="${y}" width="${width}%" height="${layerHeight}" rx="2"/>`,
  )}</g>
`
}
