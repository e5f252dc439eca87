import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { Link, useRouter } from '../router.js'
import type { Point, Scatter } from './draw-scatter.js'
import { Marker } from './marker.js'

interface ScatterChartProps {
  readonly title: string
  /** What it shows, in a sentence or two, for who does not see it. */
  readonly description: string
  readonly xLabel: string
  readonly yLabel: string
  /** By x, ascending. */
  readonly points: readonly Point[]
  readonly legend: readonly { readonly shape: Point['shape']; readonly label: string }[]
  /** Where a point leads. */
  addressOf?(point: Point): string
}

/** Points that a pointer finds, and a slider that leads from one to the next: what is told of one stands below, for all alike. */
export function ScatterChart({ title, description, xLabel, yLabel, points, legend, addressOf }: ScatterChartProps) {
  const { go } = useRouter()
  const place = useRef<HTMLDivElement>(null)
  const scatter = useRef<Scatter | null>(null)
  const [at, setAt] = useState<number | null>(null)
  const current = at === null ? undefined : points[at]
  const open = useRef<(index: number) => void>(() => undefined)
  open.current = (index) => addressOf && go(addressOf(points[index]!))

  useEffect(() => {
    let left = false
    setAt(null)
    void import('./draw-scatter.js').then(({ drawScatter }) => {
      if (left || !place.current) return
      const chosen = (index: number) => open.current(index)
      scatter.current = drawScatter(place.current, { points, xLabel, yLabel, found: setAt, chosen })
    })
    return () => {
      left = true
      scatter.current?.destroy()
      scatter.current = null
    }
  }, [points, xLabel, yLabel])
  useEffect(() => scatter.current?.mark(at), [at])

  return (
    <figure class="chart">
      <figcaption>{title}</figcaption>
      <div
        ref={place}
        class={addressOf && current ? 'plot over-point' : 'plot'}
        role="img"
        aria-label={`${title}. ${description}`}
      />
      <Points points={points} at={at} choose={setAt} />
      <p class="readout">
        {current && addressOf && <Link to={addressOf(current)}>{current.text}</Link>}
        {current && !addressOf && current.text}
      </p>
      <ul class="legend" aria-label="What the marks mean">
        {legend.map(({ shape, label }) => (
          <li key={label}>
            <Marker shape={shape} /> {label}
          </li>
        ))}
      </ul>
    </figure>
  )
}

interface PointsProps {
  readonly points: readonly Point[]
  readonly at: number | null
  choose(index: number): void
}

function Points({ points, at, choose }: PointsProps) {
  const id = useId()
  if (points.length === 0) return <p>Nothing to draw.</p>
  return (
    <p class="points">
      <label for={id}>{points.length === 1 ? 'One point' : `${points.length} points, from fast to slow`}</label>
      <input
        id={id}
        type="range"
        min={0}
        max={points.length - 1}
        value={at ?? 0}
        aria-valuetext={points[at ?? 0]!.text}
        onInput={({ currentTarget }) => choose(currentTarget.valueAsNumber)}
        onFocus={() => at === null && choose(0)}
      />
    </p>
  )
}
