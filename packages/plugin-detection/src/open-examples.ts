import { relative, resolve, sep } from 'node:path'
import type { Hash, OpenOptions, Split } from '@mnas/core/contracts'
import { hashJson } from '@mnas/core/files'
import { knownSizes } from '@mnas/images/decoding'
import { byCodeUnit, packPaths } from '@mnas/images/listing'
import { BrokenFiles, scanImages, warnOfCopies } from '@mnas/images/scanning'
import { DetectionDataset } from './batches/detection-dataset.js'
import type { AnnotatedData, AnnotatedExample } from './data/annotated-data.js'
import { packPhotos } from './data/packed-photos.js'
import { detectionErrors } from './errors.js'
import { preprocessing } from './preprocessing.js'

/**
 * Annotated photos as a data set: looks at both ends of every file. Nothing is decoded yet. A photo may be in several splits; it
 * is stored once.
 * @throws MNAS_DETECTION_FIT, MNAS_DATA_BROKEN
 */
export async function openExamples(data: AnnotatedData, options: OpenOptions): Promise<DetectionDataset> {
  const how = options.preprocessing ?? preprocessing
  if (how.fit.kind === 'crop') throw detectionErrors.MNAS_DETECTION_FIT({ received: how.fit.kind })
  const folder = resolve(options.folder)
  const pathOf = ({ file }: Pick<AnnotatedExample, 'file'>) => relative(folder, resolve(folder, file)).split(sep).join('/')
  const { train, heldOut, validation, test } = data.splits
  const learnt = new Set([...validation, ...heldOut, ...train].map(pathOf))
  const all = [...test, ...validation, ...heldOut, ...train]
  const byPath = new Map(all.map((example) => [pathOf(example), example]))
  const paths = [...byPath.keys()].sort(byCodeUnit)
  // Test photos that come later make no other data of it.
  const isApart = (index: number) => !learnt.has(paths[index]!)
  const scan = await scanImages(folder, packPaths(paths), { ...options, isApart })
  const { contents, images, usable, identities, skipped } = scan
  const broken = new BrokenFiles(folder, paths.length, options.refuse)
  broken.add(skipped)
  const used = [...usable].map((index) => paths[index]!)
  const places = new Map(used.map((path, image) => [path, image]))
  const imagesOf = (examples: readonly AnnotatedExample[]) =>
    shared(examples.flatMap((example) => places.get(pathOf(example)) ?? []))
  const splits: DetectionSplits = {
    train: imagesOf(train),
    heldOut: imagesOf(heldOut),
    validation: imagesOf(validation),
    test: imagesOf(test),
    all: shared([...used.keys()]),
  }
  const examples = used.map((path) => byPath.get(path)!)
  const annotated = packPhotos(examples)
  const fingerprint = fingerprintOf(scan.fingerprint, data.labels, splits, examples)
  const known = knownSizes(used.length)
  const files = { folder, paths: images.paths, preprocessing: how, known, annotated, splits }
  const { format, labels, labelIds, ownLabelIds, skipped: unused, skippedBoxes, takenFor, places: own } = data
  const copies = options.purpose === 'evaluation' ? [] : warnOfCopies(splits, identities)
  const warnings = [...data.warnings, ...warnOfTwoTruths(all, (example) => byPath.get(pathOf(example))!), ...copies]
  const ids = { format, labelIds, ...(ownLabelIds && { ownLabelIds }) }
  const facts = { fingerprint, labels, ids, skipped: unused, skippedBoxes, warnings, identities, takenFor, places: own }
  return new DetectionDataset(facts, { contents, images, files, broken }, options)
}

/** A photo of several parts is stored once, as the part has it that is learnt. */
function warnOfTwoTruths(
  examples: readonly AnnotatedExample[],
  storedAs: (example: AnnotatedExample) => AnnotatedExample,
): readonly string[] {
  const truthOf = ({ boxes }: AnnotatedExample) => JSON.stringify(boxes.map(boxJson))
  const other = examples.filter((example) => storedAs(example) !== example && truthOf(storedAs(example)) !== truthOf(example))
  const [first] = other
  if (!first) return []
  const pictures = other.length === 1 ? 'picture has' : 'pictures have'
  return [
    `${other.length.toLocaleString('en')} ${pictures} other boxes in another part (${first.file}): those of the training part are used`,
  ]
}

/** Of what is learnt and judged in a training: test photos have no part in it, nor in the numbers of the others. */
function fingerprintOf(
  files: Hash,
  labels: readonly string[],
  splits: DetectionSplits,
  examples: readonly AnnotatedExample[],
): Hash {
  const parts = [splits.train, splits.heldOut, splits.validation]
  const learnt = [...new Set(parts.flatMap((images) => [...images]))].sort((a, b) => a - b)
  const numbers = new Map(learnt.map((image, at) => [image, at]))
  const [train, heldOut, validation] = parts.map((images) => [...images].map((image) => numbers.get(image)!))
  const said = learnt.map((image) => {
    const { id, size, boxes } = examples[image]!
    return { id, width: size.width, height: size.height, boxes: boxes.map(boxJson) }
  })
  return hashJson({ files, labels, divided: { train: train!, heldOut: heldOut!, validation: validation! }, said })
}

type DetectionSplits = Readonly<Record<Split, Uint32Array>>

const boxJson = ({ label, box, area, crowd, difficult }: AnnotatedExample['boxes'][number]) => [
  ...[label, box.x, box.y, box.width, box.height, area],
  ...[Number(crowd), Number(difficult)],
]

function shared(indices: readonly number[]): Uint32Array {
  const array = new Uint32Array(new SharedArrayBuffer(4 * indices.length))
  array.set(indices)
  return array
}
