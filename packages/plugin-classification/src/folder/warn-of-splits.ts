import type { Split } from '@mnas/core/contracts'
import { countCopies, type Identities, identitiesAt } from '@mnas/images/scanning'
import type { Splits } from './split-images.js'

/** With fewer photos a class is hardly learnt, and its accuracy is a matter of one or two pictures. */
const enoughPhotos = 20
/** So many classes are named. */
const mostNamed = 5

/** @param counts photos of each label to learn from, those set apart among them */
export function warnOfFewPhotos(labels: readonly string[], counts: readonly number[]): readonly string[] {
  const few = labels.flatMap((label, index) => (counts[index]! < enoughPhotos ? [`${label} (${counts[index]})`] : []))
  if (few.length === 0) return []
  const named = few.slice(0, mostNamed).join(', ') + (few.length > mostNamed ? ' …' : '')
  return [`${few.length} of ${labels.length} classes have under ${enoughPhotos} photos: ${named}`]
}

const judges: readonly (readonly [Split, string])[] = [
  ['heldOut', 'held-out'],
  ['validation', 'validation'],
  ['test', 'test'],
]

/** Images by which a model is judged and which it learns by heart. @param identities of each image */
export function warnOfCopies(splits: Splits, identities: Identities): readonly string[] {
  const learnt = identitiesAt(identities, splits.train)
  return judges.flatMap(([split, name]) => {
    const copies = countCopies(identitiesAt(identities, splits[split]), learnt)
    if (copies === 0) return []
    const all = splits[split].length.toLocaleString('en')
    return [`${copies.toLocaleString('en')} of ${all} ${name} images are copies of training images: accuracy on them is too high`]
  })
}
