import type { Split } from '@mnas/core/contracts'
import { type PathTable, pathAt } from '@mnas/images/listing'
import type { AnnotatedData } from '../data/annotated-data.js'
import { type PackedPhotos, photoId } from '../data/packed-photos.js'
import { detectionErrors } from '../errors.js'
import type { Origin } from '../evaluation/coco-results.js'

/** How annotations number what is in them. */
export type AnnotatedIds = Pick<AnnotatedData, 'format' | 'labelIds' | 'ownLabelIds'>

/** Photos of a split, by image index. */
export interface SplitPhotos {
  readonly split: Split
  readonly images: Uint32Array
  readonly annotated: PackedPhotos
  readonly paths: PathTable
}

/**
 * How the annotations call the photos of a split and their classes: by the ids of the COCO file that they are from, elsewhere by
 * the order in which photos and classes were found.
 * @throws MNAS_DETECTION_IDS where the photos are of two files that call different things alike
 */
export function originOfSplit(ids: AnnotatedIds, { split, images, annotated, paths }: SplitPhotos): Origin {
  const { format, labelIds, ownLabelIds = {} } = ids
  const numbers = [...images].map((image) => photoId(annotated, image))
  if (new Set(numbers).size < numbers.length)
    throw detectionErrors.MNAS_DETECTION_IDS({ problem: 'some pictures of both have the same id' })
  const otherwise = Object.values(ownLabelIds).some((own) => own.some((id, label) => id !== null && id !== labelIds[label]))
  if (split === 'all' && otherwise)
    throw detectionErrors.MNAS_DETECTION_IDS({ problem: 'some classes have another id in the other one' })
  return {
    categories: (split === 'validation' || split === 'test' ? ownLabelIds[split] : undefined) ?? labelIds,
    files: format === 'coco' ? null : Object.fromEntries(numbers.map((id, at) => [id, pathAt(paths, images[at]!)])),
  }
}
