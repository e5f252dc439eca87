import type { SkippedFile } from '@mnas/core/contracts'
import { imagesErrors } from '@mnas/images'
import { SkipCounter } from '../annotations/skip-counter.js'
import { detectionErrors } from '../errors.js'
import type { AnnotatedData, AnnotatedExample } from './annotated-data.js'
import type { DataFolder } from './data-folder.js'
import { findCoco } from './find-coco.js'
import { findVoc } from './find-voc.js'
import { findYolo } from './find-yolo.js'
import type { FoundAnnotations } from './found-annotations.js'
import { PictureLooker } from './picture-looker.js'
import { type Recognised, recogniseAnnotations } from './recognise-annotations.js'
import type { BoxOrientation } from './settle-boxes.js'
import { splitExamples } from './split-examples.js'

export interface OpenAnnotatedOptions {
  /** Default: shown. */
  readonly boxes?: BoxOrientation
  readonly signal?: AbortSignal
}

/** Share of the pictures, and of the boxes, that may be unusable. */
const maxBrokenFraction = 0.05

/**
 * Pictures with their boxes from COCO, Pascal VOC or YOLO, whichever there is: divided as the annotations say, else 15 % are set apart
 * for validation; of the training pictures 15 % are held out. Boxes are in pixels of the picture as shown, cut at its border. No
 * file outside of the folder is read.
 * @param path a folder, a .json of COCO or a data.yaml of YOLO
 * @throws MNAS_DETECTION_LAYOUT, MNAS_DETECTION_ANNOTATIONS, MNAS_DETECTION_BOXES, MNAS_DETECTION_CORNERS,
 *   MNAS_DETECTION_ORIENTATION, MNAS_DETECTION_TOO_FEW, MNAS_DATA_FOLDER, MNAS_DATA_BROKEN
 */
export async function openAnnotatedData(path: string, options: OpenAnnotatedOptions = {}): Promise<AnnotatedData> {
  const { boxes: drawnOn = 'shown', signal } = options
  const { folder, found } = await recogniseAnnotations(path)
  const annotations = await findAnnotations(folder, found, signal)
  const twice = new SkipCounter()
  const looker = new PictureLooker(path, annotations, { drawnOn, twice })
  const [train, validation] = [
    await looker.look(annotations.train, signal),
    annotations.validation && (await looker.look(annotations.validation, signal)),
  ]
  looker.requireSound()
  const broken = [...annotations.broken, ...looker.broken]
  const kept = train.length + (validation?.length ?? 0)
  requireFew(path, broken, kept, annotations.skips, countBoxes([...train, ...(validation ?? [])]))
  return {
    format: annotations.format,
    labels: annotations.labels,
    labelIds: annotations.labelIds,
    ...(annotations.validationLabelIds && { validationLabelIds: annotations.validationLabelIds }),
    splits: divide(path, { train, validation, labels: annotations.labels.length }),
    skipped: [...broken, ...annotations.unannotated, ...linesOf(annotations.skips), ...linesOf(twice)],
  }
}

function findAnnotations(folder: DataFolder, found: Recognised, signal?: AbortSignal): Promise<FoundAnnotations> {
  switch (found.format) {
    case 'coco':
      return findCoco(folder, found.files, signal)
    case 'voc':
      return findVoc(folder, found.places)
    case 'yolo':
      return findYolo(folder, found.file, found.data)
    default:
      throw new Error(found satisfies never)
  }
}

const countBoxes = (examples: readonly AnnotatedExample[]) => examples.reduce((sum, { boxes }) => sum + boxes.length, 0)

function requireFew(folder: string, broken: readonly SkippedFile[], kept: number, skips: SkipCounter, keptBoxes: number): void {
  const files = broken.length + kept
  if (broken.length > maxBrokenFraction * files) {
    const examples = broken.slice(0, 3).map(({ file, reason }) => `${file} (${reason})`)
    throw imagesErrors.MNAS_DATA_BROKEN({ folder, broken: broken.length, files, examples })
  }
  const [skipped, boxes] = [skips.count, skips.count + keptBoxes]
  if (skipped <= maxBrokenFraction * boxes) return
  const examples = linesOf(skips).slice(0, 3)
  throw detectionErrors.MNAS_DETECTION_BOXES({
    ...{ folder, skipped, boxes },
    examples: examples.map(({ file, reason }) => `${file} (${reason})`),
  })
}

const linesOf = (skips: SkipCounter): readonly SkippedFile[] =>
  skips
    .result()
    .map(({ reason, count, examples }) => ({ file: examples[0]!, reason: count > 1 ? `${reason}, ${count} times` : reason }))

interface Parts {
  readonly train: readonly AnnotatedExample[]
  readonly validation: readonly AnnotatedExample[] | null
  readonly labels: number
}

function divide(folder: string, { train, validation, labels }: Parts): AnnotatedData['splits'] {
  const expected = validation ? 2 : 3
  const tooFew = (wanted: string, received: string) =>
    detectionErrors.MNAS_DETECTION_TOO_FEW({ folder, expected: wanted, received })
  if (train.length < expected) throw tooFew(`at least ${expected} training pictures`, `${train.length}`)
  if (validation?.length === 0) throw tooFew('at least one validation picture', 'none')
  if (countBoxes(train) === 0) throw tooFew('a box in at least one training picture', 'pictures without boxes only')
  const apart = validation ? null : splitExamples(train, { labels, purpose: 'validation' })
  const held = splitExamples(apart?.rest ?? train, { labels, purpose: 'held-out' })
  return { train: held.rest, heldOut: held.apart, validation: validation ?? apart!.apart }
}
