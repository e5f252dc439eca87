import type { Html } from '../page/html.js'
import { axisOf } from './axis.js'
import { faintDots, lineOf, type Plot, plotOf, pointOf, stairsOf, thinned } from './plot.js'

/** More dots are a cloud that looks the same and makes a large file. */
const mostDots = 1500
/** Stops of the Tab key: the latest. */
const mostPoints = 60

/** A value that never falls, as a search goes on. */
export interface RisingPlot extends Pick<Plot, 'id' | 'title' | 'description'> {
  /** Its name, at the axis. */
  readonly value: string
  /** Where it rises, and what is to be said of that. */
  readonly steps: readonly { readonly count: number; readonly value: number; readonly text: string }[]
  /** The values of all trained networks, in their order; none where only the whole has one. */
  readonly all: readonly number[]
  /** Networks that were trained. */
  readonly total: number
}

export function risingPlot({ id, title, description, value, steps, all, total }: RisingPlot): Html {
  const known = [...all, ...steps.map((step) => step.value)].filter(Number.isFinite)
  const x = axisOf({ title: 'networks trained', values: [0, total], format: String, whole: true })
  const y = axisOf({ title: value, values: known, format: String })
  const places = steps.map((step) => ({ x: x.place(step.count), y: y.place(step.value) }))
  const last = places.at(-1)
  const dots = thinned([...all.entries()], mostDots).filter(([, one]) => Number.isFinite(one))
  return plotOf({
    ...{ id, title, description, x, y },
    marks: [
      faintDots(dots.map(([index, one]) => ({ x: x.place(index + 1), y: y.place(one) }))),
      lineOf(last ? [...stairsOf(places), { x: x.place(total), y: last.y }] : []),
      ...steps.slice(-mostPoints).map(({ text }, index, told) => pointOf(places[places.length - told.length + index]!, text)),
    ],
  })
}
