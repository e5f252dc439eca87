import type { Split } from '@mnas/core/contracts'
import { copyCounter, type Identities, identitiesAt } from './identities.js'

const judges: readonly (readonly [Split, string])[] = [
  ['heldOut', 'held-out'],
  ['validation', 'validation'],
  ['test', 'test'],
]

/**
 * Images by which a model is judged and which it learns by heart. A sentence for each split that has some.
 * @param splits image index of each example. @param identities of each image
 */
export function warnOfCopies(splits: Readonly<Record<Split, Uint32Array>>, identities: Identities): readonly string[] {
  const countLearnt = copyCounter(identitiesAt(identities, splits.train))
  return judges.flatMap(([split, name]) => {
    const copies = countLearnt(identitiesAt(identities, splits[split]))
    if (copies === 0) return []
    const all = splits[split].length.toLocaleString('en')
    return [`${copies.toLocaleString('en')} of ${all} ${name} images are copies of training images: accuracy on them is too high`]
  })
}
