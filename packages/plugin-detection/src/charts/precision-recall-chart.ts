import { distinctNames, shortenLabel, widestTitle } from '@mnas/core/charts'
import type { Chart } from '@mnas/core/contracts'
import { recallLevels } from '../evaluation/coco-rules.js'
import type { ChartSubject, ClassDetails } from './class-details.js'

/** More lines cannot be told apart: the classes with most objects are drawn, and the mean of all. */
const mostLines = 8
const widestLabel = 16
const meanName = 'mean of all'

/** A theme has four colours: lines beyond them are dashed, then dotted. */
const dashes = [
  [1, 0],
  [6, 3],
  [2, 2],
].flatMap((dash) => Array.from({ length: 4 }, () => dash))

/** How precise the detections are among which that share of the objects is found, at an overlap of .5. */
export function precisionRecall({ title, labels }: ChartSubject, classes: readonly ClassDetails[]): Chart {
  const drawn = [...classes].sort((a, b) => b.objects - a.objects || a.label - b.label).slice(0, mostLines)
  const [, ...named] = distinctNames([meanName, ...drawn.map(({ label }) => shortenLabel(labels[label]!, widestLabel))])
  const lines = drawn.map(({ precision }, index) => ({ name: named[index]!, precision }))
  const mean = classes[0]?.precision.map((_, level) => {
    return classes.reduce((sum, { precision }) => sum + precision[level]!, 0) / classes.length
  })
  const all = mean && classes.length > 1 ? [{ name: meanName, precision: mean }, ...lines] : lines
  const values = all.flatMap(({ name, precision }) =>
    precision.map((value, level) => ({ class: name, recall: recallLevels[level]!, precision: value })),
  )
  const names = all.map(({ name }) => name)
  const legend = { title: 'class' }
  const more = classes.length - drawn.length
  return {
    title: {
      text: shortenLabel(title, widestTitle),
      subtitle: `overlap .5${more > 0 ? `, ${more} more classes in the mean` : ''}`,
    },
    description: `Precision and recall of ${title}`,
    ...{ width: 480, height: 360 },
    data: { values },
    mark: { type: 'line', interpolate: 'step-before' },
    encoding: {
      x: { field: 'recall', type: 'quantitative', scale: { domain: [0, 1] }, axis: { title: 'recall', format: '.0%' } },
      y: { field: 'precision', type: 'quantitative', scale: { domain: [0, 1] }, axis: { title: 'precision', format: '.0%' } },
      color: { field: 'class', type: 'nominal', sort: names, legend },
      strokeDash: { field: 'class', type: 'nominal', sort: names, legend, scale: { range: dashes.slice(0, names.length) } },
      strokeWidth: { condition: { test: `datum.class === '${meanName}'`, value: 3 }, value: 1.5 },
    },
  }
}
