import { type Identities, warnOfCopies } from '@mnas/images/scanning'
import { countLabels, type Splits } from './split-images.js'

/** With fewer photos a class is hardly learnt, and its accuracy is a matter of one or two pictures. */
const enoughPhotos = 20
/** So many classes are named. */
const mostNamed = 5

/** What is known of a data set once it is divided. */
export interface DividedImages {
  readonly labels: readonly string[]
  /** Label index of each image. */
  readonly labelOf: Uint32Array
  readonly splits: Splits
  /** Validation images stand in a folder of their own; else they were set apart from the photos of each class. */
  readonly ownValidation: boolean
  /** Of each image. */
  readonly identities: Identities
}

/** What makes a data set teach little, or look as if it taught much. A sentence each. */
export function warnOfSplits(divided: DividedImages): readonly string[] {
  return [...warnOfFewPhotos(divided), ...warnOfCopies(divided.splits, divided.identities)]
}

function warnOfFewPhotos({ labels, labelOf, splits, ownValidation }: DividedImages): readonly string[] {
  const photos = ownValidation ? [splits.train, splits.heldOut] : [splits.train, splits.heldOut, splits.validation]
  const counts = photos.map((images) => countLabels(images, labelOf, labels.length))
  const few = labels.flatMap((label, index) => {
    const count = counts.reduce((sum, own) => sum + own[index]!, 0)
    return count < enoughPhotos ? [`${label} (${count})`] : []
  })
  if (few.length === 0) return []
  const named = few.slice(0, mostNamed).join(', ') + (few.length > mostNamed ? ' …' : '')
  return [`${few.length} of ${labels.length} classes have under ${enoughPhotos} photos: ${named}`]
}
