import { resolve } from 'node:path'
import type { OpenOptions } from '@mnas/core/contracts'
import { knownSizes } from '@mnas/images/decoding'
import { BrokenFiles, scanImages } from '@mnas/images/scanning'
import { ImageFolderDataset } from './batches/image-folder-dataset.js'
import { classificationErrors } from './errors.js'
import { listImages, selectLabelled } from './folder/list-images.js'
import { splitImages } from './folder/split-images.js'
import { preprocessing } from './preprocessing.js'

/**
 * Opens a folder of images: lists it, looks at both ends of every file, divides the images. Nothing is decoded yet.
 * @throws MNAS_DATA_FOLDER, MNAS_DATA_EMPTY, MNAS_DATA_VALIDATION, MNAS_DATA_BROKEN, MNAS_DATA_CLASSES, MNAS_DATA_TOO_FEW
 */
export async function openImageFolder(options: OpenOptions): Promise<ImageFolderDataset> {
  const folder = resolve(options.folder)
  const { files: found, labels, hasValidation } = await listImages(folder, options.signal)
  const { fingerprint, images, usable, skipped } = await scanImages(folder, found.paths, options)
  const broken = new BrokenFiles(folder, found.labelOf.length)
  broken.add(skipped)
  if (labels.length < 2) throw classificationErrors.MNAS_DATA_CLASSES({ folder, label: labels[0]! })
  const labelled = selectLabelled(found, images.paths, usable)
  const files = {
    folder,
    paths: images.paths,
    preprocessing: options.preprocessing ?? preprocessing,
    known: knownSizes(usable.length),
    labelOf: labelled.labelOf,
    classes: labels.length,
    splits: splitImages(labelled, labels, hasValidation),
  }
  return new ImageFolderDataset(labels, { fingerprint, images, files, broken }, options)
}
