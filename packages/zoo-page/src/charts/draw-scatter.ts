import 'uplot/dist/uPlot.min.css'
import uPlot from 'uplot'

export interface Point {
  readonly x: number
  readonly y: number
  /** disc: measured. square: attested. ring: published. cross: emulated. star: the one that is meant. */
  readonly shape: 'disc' | 'ring' | 'square' | 'cross' | 'star'
  readonly id: string
  /** What is told of it. */
  readonly text: string
}

export interface ScatterOptions {
  /** By x, ascending. */
  readonly points: readonly Point[]
  readonly xLabel: string
  readonly yLabel: string
  /** A pointer came near one, by its index. */
  found(index: number): void
  /** One was clicked. */
  chosen(index: number): void
}

export interface Scatter {
  mark(index: number | null): void
  destroy(): void
}

const [height, reach, radius] = [300, 24, 4]
const narrow = 560

/** @param place whose width the chart takes, also when that changes */
export function drawScatter(place: HTMLElement, { points, xLabel, yLabel, found, chosen }: ScatterOptions): Scatter {
  let marked: number | null = null
  const color = (name: string) => getComputedStyle(place).getPropertyValue(name).trim()
  const plot = new uPlot(
    {
      ...sizeIn(place),
      legend: { show: false },
      cursor: { drag: { setScale: false }, points: { show: false }, x: false, y: false },
      scales: { x: { time: false, range: rounded }, y: { range: rounded } },
      axes: [axisOf(xLabel, 34, color), axisOf(yLabel, 48, color)],
      series: [{}, { paths: () => null, points: { show: false } }],
      hooks: { draw: [drawPoints] },
    },
    [points.map(({ x }) => x), points.map(({ y }) => y)],
    place,
  )
  const whenNear = (tell: (index: number) => void) => (at: MouseEvent) => {
    const index = nearest(plot, points, at)
    if (index !== null) tell(index)
  }
  plot.over.addEventListener('mousemove', whenNear(found))
  plot.over.addEventListener('click', whenNear(chosen))
  const sizes = new ResizeObserver(() => plot.setSize(sizeIn(place)))
  sizes.observe(place)
  const scheme = matchMedia('(prefers-color-scheme: dark)')
  const redraw = () => plot.redraw()
  scheme.addEventListener('change', redraw)
  return {
    mark(index) {
      marked = index
      plot.redraw()
    },
    destroy() {
      sizes.disconnect()
      scheme.removeEventListener('change', redraw)
      plot.destroy()
    },
  }

  function drawPoints({ ctx }: uPlot): void {
    const scale = devicePixelRatio
    ctx.save()
    for (const [index, point] of points.entries()) {
      const [x, y] = [plot.valToPos(point.x, 'x', true), plot.valToPos(point.y, 'y', true)]
      ctx.fillStyle = ctx.strokeStyle = color(colorOf[point.shape])
      ctx.lineWidth = 1.75 * scale
      drawShape(ctx, point.shape, x, y, radius * scale)
      if (index === marked) {
        ctx.strokeStyle = color('--ink')
        ctx.beginPath()
        ctx.arc(x, y, 2.2 * radius * scale, 0, 2 * Math.PI)
        ctx.stroke()
      }
    }
    ctx.restore()
  }
}

function sizeIn({ clientWidth }: HTMLElement): { readonly width: number; readonly height: number } {
  const width = Math.max(240, clientWidth)
  return { width, height: width < narrow ? 260 : height }
}

const axisOf = (label: string, size: number, color: (name: string) => string): uPlot.Axis => ({
  label,
  labelSize: 20,
  labelFont: '13px system-ui, sans-serif',
  font: '12px system-ui, sans-serif',
  size,
  stroke: () => color('--ink'),
  grid: { stroke: () => color('--line'), width: 1 },
  ticks: { stroke: () => color('--line'), width: 1 },
})

/** The index of the point nearest to a pointer over the plot; null: none is within reach. */
function nearest(plot: uPlot, points: readonly Point[], { offsetX, offsetY }: MouseEvent): number | null {
  let [best, distance]: [number | null, number] = [null, reach]
  for (const [index, { x, y }] of points.entries()) {
    const away = Math.hypot(plot.valToPos(x, 'x') - offsetX, plot.valToPos(y, 'y') - offsetY)
    if (away < distance) [best, distance] = [index, away]
  }
  return best
}

const colorOf = {
  disc: '--measured',
  square: '--attested',
  ring: '--published',
  cross: '--emulated',
  star: '--own',
} as const satisfies Readonly<Record<Point['shape'], string>>

/** Room around the points; a single one stands in the middle. */
function rounded(_: uPlot, least: number | null, most: number | null): uPlot.Range.MinMax {
  const [low, high] = [least ?? 0, most ?? 1]
  const room = high === low ? Math.abs(high) * 0.1 || 0.5 : (high - low) * 0.06
  return [low - room, high + room]
}

function drawShape(ctx: CanvasRenderingContext2D, shape: Point['shape'], x: number, y: number, r: number): void {
  const circle = (size: number) => ctx.arc(x, y, size, 0, 2 * Math.PI)
  ctx.beginPath()
  switch (shape) {
    case 'disc':
      circle(r)
      break
    case 'star':
      ctx.moveTo(x, y - 2 * r)
      ctx.lineTo(x + 2 * r, y)
      ctx.lineTo(x, y + 2 * r)
      ctx.lineTo(x - 2 * r, y)
      break
    case 'ring':
      circle(r)
      break
    case 'square':
      ctx.rect(x - r, y - r, 2 * r, 2 * r)
      break
    case 'cross':
      ctx.moveTo(x - r, y - r)
      ctx.lineTo(x + r, y + r)
      ctx.moveTo(x - r, y + r)
      ctx.lineTo(x + r, y - r)
      break
    default:
      shape satisfies never
  }
  if (shape === 'ring' || shape === 'cross') ctx.stroke()
  else ctx.fill()
}
