import { errorOf, type LatencyAccuracy, latencyAccuracy } from '../../latency/latency-accuracy.js'
import { formatMs } from '../../results/format-candidates.js'
import { axisOf } from '../chart/axis.js'
import { faintDots, plotOf, pointOf } from '../chart/plot.js'
import type { LatencyPoint } from '../data/latency-points.js'
import type { ReportData } from '../data/report-data.js'
import { type Html, html, nothing } from '../page/html.js'
import { foldedTable } from '../page/table.js'
import type { Panel } from './panel.js'

/** Stops of the Tab key: the largest errors. */
const mostPoints = 30

/** What a latency model says of networks that it has not seen, against what was measured. */
export function latencyPanel({ latencies, latencyModel }: ReportData): Panel {
  const panel = { id: 'latency' as const, title: 'The latency model' }
  if (latencies.length === 0)
    return { ...panel, text: html`Too few networks were measured in full to say how well latency is predicted.`, body: [] }
  const worstFirst = latencies.toSorted((a, b) => Math.abs(errorOf(b)) - Math.abs(errorOf(a)))
  const { meanError } = latencyAccuracy(latencies)
  return {
    ...panel,
    text: html`Each of ${latencies.length} networks that were measured in full, and what the model says of it when it is fitted to the
others alone. The mean error is ${(meanError * 100).toFixed(1)} %, the worst ${inPercent(errorOf(worstFirst[0]!))}. Points below the line were predicted too fast. ${ownModel(latencyModel)}`,
    body: [
      drawn(worstFirst),
      foldedTable({
        caption: 'Predictions and measurements, the largest error first',
        columns: ['candidate', 'predicted', 'measured', 'error'],
        rows: worstFirst.map((one) => [
          one.id,
          { number: formatMs(one.predictedMs) },
          { number: formatMs(one.measuredMs) },
          { number: inPercent(errorOf(one)) },
        ]),
      }),
    ],
  }
}

/** The search's own fit knows what was measured before the first trial, too, whose networks are not kept. */
function ownModel(model: LatencyAccuracy | null): Html {
  if (!model) return nothing
  return html`With those measured before the first trial, the search's own model comes to ${(model.meanError * 100).toFixed(1)} % over ${model.networks} networks.`
}

const inPercent = (error: number) => `${error < 0 ? '−' : '+'}${Math.abs(error * 100).toFixed(1)} %`

function drawn(worstFirst: readonly LatencyPoint[]): Html {
  const values = worstFirst.flatMap(({ predictedMs, measuredMs }) => [predictedMs, measuredMs])
  const format = (value: number) => String(value)
  const x = axisOf({ title: 'measured in ms', values, format })
  const y = axisOf({ title: 'predicted in ms', values, format })
  const placeOf = ({ measuredMs, predictedMs }: LatencyPoint) => ({ x: x.place(measuredMs), y: y.place(predictedMs) })
  return plotOf({
    id: 'latency-plot',
    title: 'Predicted over measured latency',
    description: `${worstFirst.length} networks around the line on which both are equal; the largest error is ${inPercent(errorOf(worstFirst[0]!))}.`,
    x,
    y,
    marks: [
      html`<line class="mark" aria-hidden="true" x1="0" y1="100%" x2="100%" y2="0"/>`,
      faintDots(worstFirst.slice(mostPoints).map(placeOf)),
      ...worstFirst
        .slice(0, mostPoints)
        .toSorted((a, b) => a.measuredMs - b.measuredMs)
        .map((one) =>
          pointOf(
            placeOf(one),
            `${one.id}: ${one.predictedMs.toPrecision(3)} ms predicted, ${one.measuredMs.toPrecision(3)} measured`,
          ),
        ),
    ],
  })
}
