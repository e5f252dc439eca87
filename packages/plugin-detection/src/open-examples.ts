import { relative, resolve, sep } from 'node:path'
import type { OpenOptions, Split } from '@mnas/core/contracts'
import { hashJson } from '@mnas/core/files'
import { knownSizes } from '@mnas/images/decoding'
import { byCodeUnit, packPaths } from '@mnas/images/listing'
import { BrokenFiles, scanImages } from '@mnas/images/scanning'
import { DetectionDataset } from './batches/detection-dataset.js'
import { packPhotos } from './batches/packed-photos.js'
import type { AnnotatedData, AnnotatedExample } from './data/annotated-data.js'
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
  const { train, heldOut, validation } = data.splits
  const byPath = new Map([...validation, ...heldOut, ...train].map((example) => [pathOf(example), example]))
  const paths = [...byPath.keys()].sort(byCodeUnit)
  const scan = await scanImages(folder, packPaths(paths), options)
  const { contents, images, usable, identities, skipped } = scan
  const broken = new BrokenFiles(folder, paths.length)
  broken.add(skipped)
  const used = [...usable].map((index) => paths[index]!)
  const places = new Map(used.map((path, image) => [path, image]))
  const imagesOf = (examples: readonly AnnotatedExample[]) =>
    shared(examples.flatMap((example) => places.get(pathOf(example)) ?? []))
  const splits: Readonly<Record<Split, Uint32Array>> = {
    train: imagesOf(train),
    heldOut: imagesOf(heldOut),
    validation: imagesOf(validation),
    test: shared([]),
    all: shared([...used.keys()]),
  }
  const examples = used.map((path) => byPath.get(path)!)
  const annotated = packPhotos(examples)
  const divided = { train: [...splits.train], heldOut: [...splits.heldOut], validation: [...splits.validation] }
  const said = examples.map(({ id, size: { width, height }, boxes }) => ({ id, width, height, boxes: boxes.map(boxJson) }))
  const fingerprint = hashJson({ files: scan.fingerprint, labels: data.labels, divided, said })
  const known = knownSizes(used.length)
  const files = { folder, paths: images.paths, preprocessing: how, known, annotated, splits }
  const { format, labelIds, validationLabelIds } = data
  const ids = { format, labelIds, ...(validationLabelIds && { validationLabelIds }) }
  const facts = { fingerprint, labels: data.labels, ids, skipped: data.skipped, warnings: [], identities }
  return new DetectionDataset(facts, { contents, images, files, broken }, options)
}

const boxJson = ({ label, box, area, crowd, difficult }: AnnotatedExample['boxes'][number]) => [
  ...[label, box.x, box.y, box.width, box.height, area],
  ...[Number(crowd), Number(difficult)],
]

function shared(indices: readonly number[]): Uint32Array {
  const array = new Uint32Array(new SharedArrayBuffer(4 * indices.length))
  array.set(indices)
  return array
}
