import type { Dataset, OpenOptions, Split } from '../contracts/index.js'

const splits: readonly (readonly [Split, string])[] = [
  ['train', 'train'],
  ['heldOut', 'held out'],
  ['validation', 'validation'],
  ['test', 'test'],
]

/** So many classes are named, those of which there is most. */
const mostNamed = 5

/**
 * What a folder holds: `6 classes, 1,724 train, 304 held out, 499 validation from val/`. Nothing is said of a split that is empty, nor, for an
 * evaluation, of how one folder would be divided for a training: `6 classes, 16 images`. Where an example may hold several things, these are
 * counted too: `2 classes with 48 boxes (cat 30, dog 18), …`.
 */
export function describeData(
  dataset: Pick<Dataset, 'labels' | 'places' | 'size' | 'counts' | 'counted'>,
  purpose: OpenOptions['purpose'] = 'training',
): string {
  const { labels, places = {} } = dataset
  const classes =
    labels.length > 0 ? [`${count(labels.length)} ${labels.length === 1 ? 'class' : 'classes'}${describeCounts(dataset)}`] : []
  const parts = splits.flatMap(([split, name]) => {
    const images = dataset.size(split)
    return images === 0 ? [] : [`${count(images)} ${name}${places[split] ? ` from ${places[split]}` : ''}`]
  })
  const whole = purpose === 'evaluation' && Object.keys(places).length === 0
  return [...classes, ...(whole ? [`${count(dataset.size('all'))} images`] : parts)].join(', ')
}

/** ` with 48 boxes (cat 30, dog 18)`; nothing where each example is one of its class. */
function describeCounts(dataset: Pick<Dataset, 'labels' | 'counts' | 'counted'>): string {
  const { labels, counted } = dataset
  const all = counted === undefined ? undefined : dataset.counts?.('all')
  if (!all) return ''
  const own = labels.map((label, at) => ({ label, number: all[at]! })).sort((a, b) => b.number - a.number)
  const named = own.slice(0, mostNamed).map(({ label, number }) => `${label} ${count(number)}`)
  const sum = all.reduce((whole, number) => whole + number, 0)
  return ` with ${count(sum)} ${counted} (${named.join(', ')}${own.length > mostNamed ? ' …' : ''})`
}

const count = (images: number) => images.toLocaleString('en')
