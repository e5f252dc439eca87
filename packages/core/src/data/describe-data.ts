import type { Dataset } from '../contracts/index.js'

/** What a folder was taken for: `6 classes, 1,724 train, 304 held out, 499 validation`. */
export function describeData(dataset: Pick<Dataset, 'labels' | 'size'>): string {
  const { labels } = dataset
  const count = (images: number) => images.toLocaleString('en')
  const classes = labels.length > 0 ? [`${count(labels.length)} classes`] : []
  const splits = [
    `${count(dataset.size('train'))} train`,
    `${count(dataset.size('heldOut'))} held out`,
    `${count(dataset.size('validation'))} validation`,
  ]
  return [...classes, ...splits].join(', ')
}
