import { useMemo } from 'preact/hooks'
import { entryAddress } from '../address.js'
import type { Point } from '../charts/draw-scatter.js'
import { ScatterChart } from '../charts/scatter-chart.js'
import { formatMs } from '../parts/quantity.js'
import type { Choices } from './choices.js'
import type { Filters } from './filters.js'
import type { Row } from './rows.js'
import { ofOther, type Selected, selectRows } from './select-rows.js'

interface DeviceChartProps {
  readonly rows: readonly Row[]
  readonly filters: Filters
  readonly choices: Choices
  readonly metric: string
  chooseDevice(device: string): void
}

const legend = [
  { shape: 'disc', label: 'measured' },
  { shape: 'square', label: 'attested' },
  { shape: 'ring', label: 'published, one number or both' },
  { shape: 'cross', label: 'emulated' },
] as const

/** Accuracy against latency on one device and one data set: numbers of two data sets say nothing of each other. */
export function DeviceChart({ rows, filters, choices, metric, chooseDevice }: DeviceChartProps) {
  const device = filters.device || choices.devices[0] || ''
  const { dataset, points } = useMemo(() => {
    const selected = selectRows(rows, { ...filters, device }, metric)
    const most = filters.dataset || mostFrequent(selected)
    return { dataset: most, points: pointsOf(selected, most) }
  }, [rows, filters, device, metric])
  if (device === '') return null
  const title = `${metric} on ${dataset || 'any data'} against latency on ${device}`
  return (
    <section aria-label="Accuracy against latency">
      <div class="devices">
        {choices.devices.slice(0, 8).map((one) => (
          <button key={one} type="button" aria-pressed={one === device} onClick={() => chooseDevice(one)}>
            {one}
          </button>
        ))}
      </div>
      <ScatterChart
        title={title}
        description={describe(points)}
        xLabel="latency, ms"
        yLabel={metric}
        points={points}
        legend={legend}
        addressOf={({ id }) => entryAddress(id)}
      />
    </section>
  )
}

function mostFrequent(selected: readonly Selected[]): string {
  const counts = new Map<string, number>()
  for (const { accuracy } of selected)
    if (accuracy) counts.set(accuracy.claim.dataset, (counts.get(accuracy.claim.dataset) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? ''
}

function pointsOf(selected: readonly Selected[], dataset: string): readonly Point[] {
  return selected
    .flatMap((one): Point[] => {
      const { accuracy, latency, row } = one
      if (!accuracy || !latency || accuracy.claim.dataset !== dataset) return []
      const [judged, timed] = [
        [accuracy.claim.basis, ofOther(one)],
        [latency.basis, latency.emulated ? 'emulated' : null],
      ].map((words) => words.filter((word) => word !== null).join(', '))
      const text = `${row.id}: ${accuracy.value.toFixed(3)} (${judged}), ${formatMs(latency.ms)} ms (${timed})`
      return [{ x: latency.ms, y: accuracy.value, shape: shapeOf(one), id: row.id, text }]
    })
    .sort((a, b) => a.x - b.x)
}

function shapeOf({ accuracy, latency }: Selected): Point['shape'] {
  if (latency?.emulated) return 'cross'
  const said = [accuracy?.claim.basis, latency?.basis]
  if (said.includes('published')) return 'ring'
  return said.includes('attested') ? 'square' : 'disc'
}

function describe(points: readonly Point[]): string {
  if (points.length === 0) return 'No model has both numbers.'
  const best = points.reduce((a, b) => (b.y > a.y ? b : a))
  return `${points.length} models. The most accurate: ${best.text}. The fastest: ${points[0]!.text}.`
}
