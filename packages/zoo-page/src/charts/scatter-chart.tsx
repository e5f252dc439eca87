import { useEffect, useId, useRef, useState } from 'preact/hooks'
import type { Point, Scatter } from './draw-scatter.js'
import { Marker } from './marker.js'

interface ScatterChartProps {
  readonly title: string
  /** One sentence for who does not see it. */
  readonly description: string
  readonly xLabel: string
  readonly yLabel: string
  /** By x, ascending. */
  readonly points: readonly Point[]
  readonly legend: readonly { readonly shape: Point['shape']; readonly label: string }[]
  open?(point: Point): void
}

/** Points that a pointer finds, and the arrow keys: what is told of one stands below, for all alike. */
export function ScatterChart({ title, description, xLabel, yLabel, points, legend, open }: ScatterChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const scatter = useRef<Scatter | null>(null)
  const [at, setAt] = useState<number | null>(null)
  const [titleId, descriptionId] = [useId(), useId()]
  const current = at === null ? undefined : points[at]

  useEffect(() => {
    let left = false
    setAt(null)
    void import('./draw-scatter.js').then(({ drawScatter }) => {
      if (left || !place.current) return
      scatter.current = drawScatter(place.current, { points, xLabel, yLabel, found: setAt })
    })
    return () => {
      left = true
      scatter.current?.destroy()
      scatter.current = null
    }
  }, [points, xLabel, yLabel])
  useEffect(() => scatter.current?.mark(at), [at])

  const move = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1, Home: -points.length, End: points.length }
    const step = steps[event.key]
    if (event.key === 'Enter' && current) return open?.(current)
    if (step === undefined || points.length === 0) return
    event.preventDefault()
    const start = at ?? (step > 0 ? -1 : points.length)
    setAt(Math.min(points.length - 1, Math.max(0, start + step)))
  }

  return (
    <figure class="chart">
      <figcaption id={titleId}>{title}</figcaption>
      <p class="unseen" id={descriptionId}>
        {description} {points.length > 0 && `The arrow keys lead from point to point${open ? ', Enter opens one' : ''}.`}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys lead through its points */}
      <div
        ref={place}
        class={open && current ? 'plot over-point' : 'plot'}
        role="group"
        tabIndex={0}
        aria-labelledby={titleId}
        aria-describedby={descriptionId}
        onKeyDown={move}
        onClick={() => current && open?.(current)}
      />
      <p class="readout" aria-live="polite">
        {current ? current.text : points.length === 0 ? 'Nothing to draw.' : `${points.length} points`}
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
