import { posix } from 'node:path'
import type { AnnotatedData, AnnotationFormat, OwnPart } from './annotated-data.js'
import type { Recognised } from './recognise-annotations.js'

/** How people call them. */
const formatNames = { coco: 'COCO', voc: 'Pascal VOC', yolo: 'YOLO' } as const satisfies Record<AnnotationFormat, string>

/** As AnnotatedData.takenFor. */
export const takenForOf = (found: Recognised): string => `${formatNames[found.format]}: ${placeOf(found)}`

/** Where the annotations stand, in a few words. */
function placeOf(found: Recognised): string {
  switch (found.format) {
    case 'coco':
      return (found.files.train ?? found.files.validation ?? found.files.test)!
    case 'voc': {
      const { annotations, images } = (found.places.train ?? found.places.validation ?? found.places.test)!
      return annotations === images ? `${annotations || '.'}/` : `${annotations}/ with ${images}/`
    }
    case 'yolo':
      return found.source.place
    default:
      throw new Error(found satisfies never)
  }
}

/** As AnnotatedData.places: the only part there is has none. */
export function placesOf(found: Recognised): AnnotatedData['places'] {
  const named = (places: Readonly<Record<OwnPart, string | null | undefined>>) => {
    const own = Object.entries(places).filter(([, place]) => place)
    return own.length === 1 && places.train ? {} : Object.fromEntries(own)
  }
  switch (found.format) {
    case 'coco':
      return named(found.files)
    case 'voc': {
      const { train, validation, test } = found.places
      const apart = new Set([train, validation, test].map((place) => place?.annotations)).size > 1
      const of = (part: (typeof found.places)[OwnPart], set: string) =>
        part && (apart ? `${part.annotations}/` : `ImageSets/Main/${set}.txt`)
      return named({ train: of(train, 'train'), validation: of(validation, 'val'), test: of(test, 'test') })
    }
    case 'yolo': {
      const { base, train, val, test } = found.source
      const of = (places: readonly string[]) => places.map((place) => posix.normalize(posix.join(base, place))).join(', ')
      return named({ train: of(train), validation: of(val), test: of(test) })
    }
    default:
      throw new Error(found satisfies never)
  }
}
