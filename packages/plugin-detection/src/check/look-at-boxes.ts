import type { DataLook, JsonObject, LookRequest } from '@mnas/core/contracts'
import type { Skipped } from '../annotations/skip-counter.js'
import { parseAugmentation } from '../augmentation/augmentation.js'
import type { Photo } from '../data/packed-photos.js'
import { anchorsOf, inputSizeOf } from '../targets/targets-of.js'
import { anchorCoverage } from './anchor-coverage.js'
import { countBoxes } from './count-boxes.js'
import { describeCoverage, describeLook, type SizeCoverage } from './describe-look.js'

/** Annotated photos, as often as they are asked for. */
export interface LookedAt {
  readonly photos: () => Iterable<Photo>
  readonly labels: readonly string[]
  /** Boxes that are not used. */
  readonly skipped: readonly Skipped[]
}

/** Each is compared with every anchor: more would take seconds before a training, and say the same. */
const mostBoxes = 20_000

/** What annotations say, and how well anchors fit them. Nothing is decoded. */
export function lookAtBoxes({ photos, labels, skipped }: LookedAt, { targets, augmentation }: LookRequest): DataLook {
  const { classes, pictures, withoutBoxes } = countBoxes(photos(), labels)
  const boxes = classes.reduce((sum, { boxes: own }) => sum + own, 0)
  const some = somePhotos(photos(), Math.ceil(boxes / mostBoxes))
  const { overlap } = parseAugmentation(augmentation).matching
  const coverage = targets.map((network): SizeCoverage => {
    const { corners, anchors } = anchorsOf(network)
    return { inputSize: inputSizeOf(network), anchors: anchors.length / 4, ...anchorCoverage(corners, some, overlap) }
  })
  const facts = { pictures, withoutBoxes, classes, skippedBoxes: skipped, coverage } as const
  return {
    facts: facts as unknown as JsonObject,
    summary: coverage.slice(0, 1).map(describeCoverage),
    lines: describeLook(facts),
  }
}

/** The boxes that are learnt, as shares of their photos: of every n-th photo. */
function somePhotos(photos: Iterable<Photo>, every: number): readonly Float64Array[] {
  const some: Float64Array[] = []
  let index = 0
  for (const { width, height, boxes } of photos) {
    if (index++ % Math.max(1, every) !== 0) continue
    const learnt = boxes.filter(({ crowd }) => !crowd)
    some.push(
      Float64Array.from(
        learnt.flatMap(({ box: [x, y, across, down] }) => [y / height, x / width, (y + down) / height, (x + across) / width]),
      ),
    )
  }
  return some
}
