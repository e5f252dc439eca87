import type { OpenOptions, SkippedFile } from '@mnas/core/contracts'
import type { MnasError } from '@mnas/core/errors'
import { imagesErrors } from '@mnas/images'
import { SkipCounter } from '../annotations/skip-counter.js'
import { detectionErrors } from '../errors.js'
import type { AnnotatedData, AnnotatedExample, OwnPart } from './annotated-data.js'
import { findCoco } from './coco/find-coco.js'
import { placesOf, takenForOf } from './describe-recognised.js'
import type { DataFolder } from './folder/data-folder.js'
import type { FoundAnnotations } from './found-annotations.js'
import { PictureLooker } from './pictures/picture-looker.js'
import { type Recognised, recogniseAnnotations } from './recognise-annotations.js'
import { splitExamples } from './split-examples.js'
import { findVoc } from './voc/find-voc.js'
import { findYolo } from './yolo/find-yolo.js'

export type OpenAnnotatedOptions = Pick<OpenOptions, 'purpose' | 'refuse' | 'signal'>

/** Share of the pictures, and of the boxes, that may be unusable. */
const maxBrokenFraction = 0.05

/**
 * Pictures with their boxes from COCO, Pascal VOC or YOLO, whichever there is: divided as the annotations say, else 15 % are set apart
 * for validation; of the training pictures 15 % are held out. Boxes are in pixels of the picture as shown, cut at its border. No
 * file outside of the folder is read.
 * @param path a folder, a .json of COCO, a data.yaml of YOLO or one of its lists of images
 * @throws MNAS_DETECTION_LAYOUT, MNAS_DETECTION_ANNOTATIONS, MNAS_DETECTION_BOXES, MNAS_DETECTION_CORNERS,
 *   MNAS_DETECTION_ORIENTATION, MNAS_DETECTION_TOO_FEW, MNAS_DATA_FOLDER, MNAS_DATA_BROKEN; `refuse` is told of too few boxes, and of
 *   too many pictures and boxes that cannot be used
 */
export async function openAnnotatedData(path: string, options: OpenAnnotatedOptions = {}): Promise<AnnotatedData> {
  const { signal, purpose = 'training', refuse = thrown } = options
  const recognised = await recogniseAnnotations(path)
  if (!recognised)
    throw detectionErrors.MNAS_DETECTION_LAYOUT({ folder: path, problem: 'neither COCO, nor Pascal VOC, nor YOLO was found' })
  const { folder, found, besides } = recognised
  const annotations = await findAnnotations(folder, found, signal)
  const twice = new SkipCounter()
  const looker = new PictureLooker(path, annotations, twice)
  const look = async (part: OwnPart) => annotations.parts[part] && (await looker.look(annotations.parts[part], signal))
  const parts = { train: (await look('train')) ?? [], validation: await look('validation'), test: await look('test') }
  looker.requireSound()
  const broken = [...annotations.broken, ...looker.broken]
  const kept = [...parts.train, ...(parts.validation ?? []), ...(parts.test ?? [])]
  const unusable = [tooManyPictures(path, broken, kept.length), tooManyBoxes(path, annotations.skips, countBoxes(kept))]
  for (const error of unusable) if (error) refuse(error)
  const { format, labels, labelIds, ownLabelIds, unannotated, skips, warnings } = annotations
  const takenFor = takenForOf(found)
  return {
    ...{ format, folder: folder.root, takenFor, places: placesOf(found), labels, labelIds },
    ...(ownLabelIds && { ownLabelIds }),
    splits: divide(path, { ...parts, labels: labels.length, refuse }, purpose),
    skipped: [...broken, ...unannotated, ...linesOf(skips), ...linesOf(twice)],
    skippedBoxes: [...skips.result(), ...twice.result()],
    warnings: [...warnings, ...besides.map((other) => notRead(takenFor, other)), ...warnOfUnannotated(unannotated)],
  }
}

const notRead = (takenFor: string, other: string) =>
  `${other} is there too and is not read: the data is taken for ${takenFor}; name the .json, .yaml or .txt itself as --data, or move one away`

function warnOfUnannotated(unannotated: readonly SkippedFile[]): readonly string[] {
  if (unannotated.length === 0) return []
  const count = unannotated.length.toLocaleString('en')
  const [pictures, have] = unannotated.length === 1 ? ['picture', 'has'] : ['pictures', 'have']
  return [
    `${count} ${pictures} ${have} no XML file and count as not annotated; a picture without objects has a file without objects`,
  ]
}

function findAnnotations(folder: DataFolder, found: Recognised, signal?: AbortSignal): Promise<FoundAnnotations> {
  switch (found.format) {
    case 'coco':
      return findCoco(folder, found.files, signal)
    case 'voc':
      return findVoc(folder, found.places)
    case 'yolo':
      return findYolo(folder, found.source)
    default:
      throw new Error(found satisfies never)
  }
}

const countBoxes = (examples: readonly AnnotatedExample[]) => examples.reduce((sum, { boxes }) => sum + boxes.length, 0)

function tooManyPictures(folder: string, broken: readonly SkippedFile[], kept: number): MnasError | null {
  const files = broken.length + kept
  if (broken.length <= maxBrokenFraction * files) return null
  return imagesErrors.MNAS_DATA_BROKEN({ folder, broken: broken.length, files, examples: examplesOf(broken) })
}

function tooManyBoxes(folder: string, skips: SkipCounter, kept: number): MnasError | null {
  const [skipped, boxes] = [skips.count, skips.count + kept]
  if (skipped <= maxBrokenFraction * boxes) return null
  return detectionErrors.MNAS_DETECTION_BOXES({ folder, skipped, boxes, examples: examplesOf(linesOf(skips)) })
}

const examplesOf = (lost: readonly SkippedFile[]) => lost.slice(0, 3).map(({ file, reason }) => `${file} (${reason})`)

function thrown(error: MnasError): never {
  throw error
}

const linesOf = (skips: SkipCounter): readonly SkippedFile[] =>
  skips
    .result()
    .map(({ reason, count, examples }) => ({ file: examples[0]!, reason: count > 1 ? `${reason}, ${count} times` : reason }))

interface Parts {
  readonly train: readonly AnnotatedExample[]
  readonly validation: readonly AnnotatedExample[] | null
  readonly test: readonly AnnotatedExample[] | null
  readonly labels: number
  readonly refuse: (error: MnasError) => void
}

function divide(
  folder: string,
  { train, validation, test, labels, refuse }: Parts,
  purpose: OpenOptions['purpose'],
): AnnotatedData['splits'] {
  const expected = validation ? 2 : 3
  const tooFew = (wanted: string, received: string) =>
    detectionErrors.MNAS_DETECTION_TOO_FEW({ folder, expected: wanted, received })
  if (purpose === 'training') {
    if (train.length < expected) throw tooFew(`at least ${expected} training pictures`, `${train.length}`)
    if (validation?.length === 0) throw tooFew('at least one validation picture', 'none')
    if (countBoxes(train) === 0) refuse(tooFew('a box in at least one training picture', 'pictures without boxes only'))
  } else if ([train, validation ?? [], test ?? []].every(({ length }) => length === 0))
    throw tooFew('at least one picture', 'none')
  const apart = validation ? null : splitExamples(train, { labels, purpose: 'validation' })
  const held = splitExamples(apart?.rest ?? train, { labels, purpose: 'held-out' })
  if (purpose === 'training' && (apart?.apart.length === 0 || held.apart.length === 0)) {
    const wanted = 'a picture that can be set apart to judge by, because others show the same classes'
    throw tooFew(wanted, `${train.length} pictures of which each is the only one of some class`)
  }
  return { train: held.rest, heldOut: held.apart, validation: validation ?? apart!.apart, test: test ?? [] }
}
