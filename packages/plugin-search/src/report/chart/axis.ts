import { scaleLinear } from 'd3-scale'

/** One direction of a plot. Places are percent of its side, so that a plot is as wide as the page is. */
export interface Axis {
  readonly title: string
  /** From the left, or from below. */
  place(value: number): number
  readonly ticks: readonly { readonly place: number; readonly text: string }[]
}

export interface AxisOptions {
  readonly title: string
  /** All that must have room. */
  readonly values: Iterable<number>
  readonly format: (value: number) => string
  /** About so many. Default 5: as many numbers as stand side by side on a phone. */
  readonly ticks?: number
  /** No tick between whole numbers. */
  readonly whole?: boolean
}

/** A linear axis between round numbers. */
export function axisOf({ title, values, format, ticks = 5, whole = false }: AxisOptions): Axis {
  const scale = scaleLinear().domain(domainOf(values)).nice(ticks).range([0, 100])
  const shown = scale.ticks(ticks).filter((value) => !whole || Number.isInteger(value))
  return {
    title,
    place: (value) => round(scale(value)),
    ticks: shown.map((value) => ({ place: round(scale(value)), text: format(value) })),
  }
}

/** A scale needs two ends. */
function domainOf(values: Iterable<number>): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  if (low > high) return [0, 1]
  if (low < high) return [low, high]
  const margin = Math.abs(low) / 10 || 1
  return [low - margin, high + margin]
}

/** Hundredths of a percent are less than a pixel. */
export const round = (place: number): number => Math.round(place * 100) / 100
