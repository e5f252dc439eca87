import type { Dataset, OpenOptions, Split } from '../contracts/index.js'

const splits: readonly (readonly [Split, string])[] = [
  ['train', 'train'],
  ['heldOut', 'held out'],
  ['validation', 'validation'],
  ['test', 'test'],
]

/**
 * What a folder was taken for: `6 classes, 1,724 train, 304 held out, 499 validation from val/`. Nothing is said of a split that is empty, nor, for an
 * evaluation, of how one folder would be divided for a training: `6 classes, 16 images`.
 */
export function describeData(
  dataset: Pick<Dataset, 'labels' | 'places' | 'size'>,
  purpose: OpenOptions['purpose'] = 'training',
): string {
  const { labels, places = {} } = dataset
  const count = (images: number) => images.toLocaleString('en')
  const classes = labels.length > 0 ? [`${count(labels.length)} classes`] : []
  const parts = splits.flatMap(([split, name]) => {
    const images = dataset.size(split)
    return images === 0 ? [] : [`${count(images)} ${name}${places[split] ? ` from ${places[split]}` : ''}`]
  })
  const whole = purpose === 'evaluation' && Object.keys(places).length === 0
  return [...classes, ...(whole ? [`${count(dataset.size('all'))} images`] : parts)].join(', ')
}
