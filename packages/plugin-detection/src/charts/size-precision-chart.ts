import { shortenLabel, widestTitle } from '@mnas/core/charts'
import type { Chart } from '@mnas/core/contracts'
import { areaRanges } from '../evaluation/coco-rules.js'
import type { ChartSubject, SizeDetails } from './class-details.js'

const barHeight = 18

/** How well small, medium and large objects are found, by COCO's areas in the photo: precision, and the share that is found at all. */
export function sizePrecision({ title }: ChartSubject, sizes: readonly SizeDetails[]): Chart {
  const values = sizes.flatMap(({ size, objects, map, recall }) => {
    const name = `${size}, ${sideOf(size)} px (${objects})`
    return [
      { size: name, figure: 'average precision', value: map },
      { size: name, figure: 'found', value: recall },
    ]
  })
  const names = [...new Set(values.map(({ size }) => size))]
  return {
    title: {
      text: shortenLabel(title, widestTitle),
      subtitle: 'by size in the photo, mean over overlaps from .5 to .95, objects in brackets',
    },
    description: `Average precision and recall by size of ${title}`,
    ...{ width: 420, height: Math.max(1, values.length) * barHeight },
    data: { values },
    mark: { type: 'bar' },
    encoding: {
      y: { field: 'size', type: 'nominal', sort: names, axis: { title: null, labelLimit: 0 } },
      yOffset: { field: 'figure', type: 'nominal' },
      x: { field: 'value', type: 'quantitative', scale: { domain: [0, 1] }, axis: { title: 'share', format: '.0%' } },
      color: { field: 'figure', type: 'nominal', legend: { title: null } },
    },
  }
}

/** Of a square as large as its smallest and largest objects. */
function sideOf(size: SizeDetails['size']): string {
  const { low, high } = areaRanges.find(({ name }) => name === size)!
  const [least, most] = [Math.sqrt(low), Math.sqrt(high)]
  return low === 0 ? `up to ${most}` : size === 'large' ? `from ${least}` : `${least}–${most}`
}
