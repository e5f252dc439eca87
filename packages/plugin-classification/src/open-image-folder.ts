import { join, resolve } from 'node:path'
import type { Hash, OpenOptions } from '@mnas/core/contracts'
import { hashBytes } from '@mnas/core/files'
import { imagesErrors } from '@mnas/images'
import { knownSizes } from '@mnas/images/decoding'
import { partIndex, selectLabelled } from '@mnas/images/layouts'
import { BrokenFiles, scanImages } from '@mnas/images/scanning'
import { ImageFolderDataset } from './batches/image-folder-dataset.js'
import { classificationErrors } from './errors.js'
import { type Listing, listImages } from './folder/list-images.js'
import { splitImages } from './folder/split-images.js'
import { warnOfSplits } from './folder/warn-of-splits.js'
import { preprocessing } from './preprocessing.js'

/**
 * Opens a folder of images: lists it, looks at both ends of every file, divides the images. Nothing is decoded yet.
 * @throws MNAS_DATA_FIT, MNAS_DATA_FOLDER, MNAS_DATA_LAYOUT, MNAS_DATA_NAMES, MNAS_DATA_EMPTY, MNAS_DATA_VALIDATION, MNAS_DATA_UNLABELLED, MNAS_DATA_BROKEN,
 *   MNAS_DATA_CLASSES, MNAS_DATA_TOO_FEW
 */
export async function openImageFolder(options: OpenOptions): Promise<ImageFolderDataset> {
  const folder = resolve(options.folder)
  const { classFolders, signal, purpose = 'training', preprocessing: how = preprocessing } = options
  if (how.fit.kind !== 'crop') throw imagesErrors.MNAS_DATA_FIT({ received: how.fit.kind })
  const listing = await listImages(folder, { classFolders, signal })
  const { files: found, labels, places, wrapper, warnings } = listing
  const training = purpose === 'training'
  if (training) requireTraining(folder, listing)
  const isApart = (index: number) => found.partOf[index] === partIndex('test')
  const scan = await scanImages(folder, found.paths, { ...options, isApart })
  const { contents, images, usable, identities, skipped } = scan
  const broken = new BrokenFiles(folder, found.labelOf.length, options.refuse)
  broken.add(skipped)
  if (labels.length < 2)
    throw classificationErrors.MNAS_DATA_CLASSES({ folder, label: labels[0]!, inner: wrapper && join(folder, wrapper) })
  const labelled = selectLabelled(found, images.paths, usable)
  const ownValidation = places.validation !== undefined
  const splits = splitImages(labelled, labels, { ownValidation, training })
  const files = {
    folder,
    paths: images.paths,
    preprocessing: how,
    known: knownSizes(usable.length),
    labelOf: labelled.labelOf,
    classes: labels.length,
    splits,
  }
  const fingerprint = fingerprintOf(scan.fingerprint, listing, labelled.labelOf, classFolders)
  const divided = { labels, labelOf: labelled.labelOf, splits, ownValidation, identities }
  const said = training ? [...warnings, ...warnOfSplits(divided)] : warnings
  const about = { fingerprint, labels, places, warnings: said, identities }
  return new ImageFolderDataset(about, { contents, images, files, broken }, options)
}

/** Of files and paths, and of what else says their classes. */
function fingerprintOf(
  files: Hash,
  { fromLists }: Listing,
  labelOf: Uint32Array,
  classFolders: OpenOptions['classFolders'],
): Hash {
  const folders = classFolders === 'leaf' ? hashBytes(`${files} leaf`) : files
  return fromLists ? hashBytes(`${folders} ${labelOf.join(' ')}`) : folders
}

/** @throws MNAS_DATA_LAYOUT for parts without the one that is trained on */
function requireTraining(folder: string, { files, places }: Listing): void {
  if (files.partOf.includes(partIndex('training')) || places.training !== undefined) return
  const only = Object.values(places).join(' and ')
  if (only === '') return
  const remedy = 'Add train/CLASS/*.jpg, or point --data at the folder of classes itself'
  throw imagesErrors.MNAS_DATA_LAYOUT({ folder, problem: `there is only ${only}, which is not trained on`, remedy })
}
