import { distinctNames, shortenLabel, widestTitle } from '@mnas/core/charts'
import type { Chart } from '@mnas/core/contracts'
import type { ChartSubject, ClassDetails } from './class-details.js'

const mostBars = 40
const barHeight = 18
const widestLabel = 20

/** How well each class is found, the worst first: average precision at an overlap of .5. */
export function classPrecision({ title, labels }: ChartSubject, classes: readonly ClassDetails[]): Chart {
  const worst = [...classes].sort((a, b) => a.ap50 - b.ap50 || a.label - b.label)
  const drawn = worst.slice(0, mostBars)
  const names = distinctNames(drawn.map(({ label }) => shortenLabel(labels[label]!, widestLabel)))
  const values = drawn.map(({ objects, ap50 }, index) => ({ class: `${names[index]} (${objects})`, ap50 }))
  const left = worst.length - values.length
  return {
    title: {
      text: shortenLabel(title, widestTitle),
      subtitle: `average precision at an overlap of .5, objects in brackets${left > 0 ? `; ${left} better classes are left out` : ''}`,
    },
    description: `Average precision of each class of ${title}`,
    ...{ width: 420, height: Math.max(1, values.length) * barHeight },
    data: { values },
    mark: { type: 'bar' },
    encoding: {
      y: { field: 'class', type: 'nominal', sort: values.map((value) => value.class), axis: { title: null, labelLimit: 0 } },
      x: { field: 'ap50', type: 'quantitative', scale: { domain: [0, 1] }, axis: { title: 'average precision', format: '.0%' } },
    },
  }
}
