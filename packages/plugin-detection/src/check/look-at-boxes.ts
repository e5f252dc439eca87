import type { DataLook, Fit, JsonObject, LookRequest } from '@mnas/core/contracts'
import type { Skipped } from '../annotations/skip-counter.js'
import { parseAugmentation } from '../augmentation/augmentation.js'
import { learntBoxes } from '../batches/learnt-boxes.js'
import { boxesInPlace, placeView } from '../batches/placed-view.js'
import type { Photo } from '../data/packed-photos.js'
import { anchorsOf, inputSizeOf } from '../targets/targets-of.js'
import { anchorCoverage, type PictureBoxes } from './anchor-coverage.js'
import { countBoxes } from './count-boxes.js'
import { describeCoverage, describeLook, type SizeCoverage } from './describe-look.js'

/** Annotated photos, as often as they are asked for. */
export interface LookedAt {
  readonly photos: () => Iterable<Photo>
  readonly labels: readonly string[]
  /** Boxes that are not used. */
  readonly skipped: readonly Skipped[]
  /** How photos come into the input. */
  readonly fit: Fit
}

/** Each is compared with every anchor: more would take seconds before a training, and say the same. */
const mostBoxes = 20_000

/** What annotations say, and how well anchors fit them. Nothing is decoded. */
export function lookAtBoxes({ photos, labels, skipped, fit }: LookedAt, { targets, augmentation }: LookRequest): DataLook {
  const { classes, pictures, withoutBoxes } = countBoxes(photos(), labels)
  const boxes = classes.reduce((sum, { boxes: own }) => sum + own, 0)
  const some = [...somePhotos(photos(), Math.ceil(boxes / mostBoxes))]
  const { overlap } = parseAugmentation(augmentation).matching
  const coverage = targets.map((network): SizeCoverage => {
    const { corners, anchors } = anchorsOf(network)
    const inputSize = inputSizeOf(network)
    const pictures = some.map((photo) => seenBoxes(photo, inputSize, fit))
    return { inputSize, anchors: anchors.length / 4, ...anchorCoverage(corners, pictures, overlap) }
  })
  const facts = { pictures, withoutBoxes, classes, skippedBoxes: skipped, coverage } as const
  return {
    facts: facts as unknown as JsonObject,
    summary: coverage.slice(0, 1).map(describeCoverage),
    lines: describeLook(facts),
  }
}

/** Every n-th photo. */
function* somePhotos(photos: Iterable<Photo>, every: number): Generator<Photo> {
  let index = 0
  for (const photo of photos) if (index++ % Math.max(1, every) === 0) yield photo
}

const wholePhoto = { left: 0, top: 0, width: 1, height: 1, mirrored: false, covers: 0 } as const

/** The boxes of a whole photo as the network sees them, shares of its input: those under a pixel are not there. */
function seenBoxes(photo: Photo, inputSize: number, fit: Fit): PictureBoxes {
  const all = learntBoxes(photo)
  const { boxes } = boxesInPlace(all, placeView(photo, photo, wholePhoto, inputSize, fit), inputSize)
  return { boxes, unseen: (all.boxes.length - boxes.length) / 4 }
}
