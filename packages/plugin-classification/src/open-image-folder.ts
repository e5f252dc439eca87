import { resolve } from 'node:path'
import type { OpenOptions } from '@mnas/core/contracts'
import { ImageFolderDataset } from './batches/image-folder-dataset.js'
import { classificationErrors } from './errors.js'
import { BrokenFiles } from './folder/broken-files.js'
import { listImages } from './folder/list-images.js'
import { scanImages } from './folder/scan-images.js'
import { splitImages } from './folder/split-images.js'
import { knownSizes } from './pixels/pixel-source.js'
import { preprocessing } from './preprocessing.js'

/**
 * Opens a folder of images: lists it, looks at both ends of every file, divides the images. Nothing is decoded yet.
 * @throws MNAS_DATA_FOLDER, MNAS_DATA_EMPTY, MNAS_DATA_VALIDATION, MNAS_DATA_BROKEN, MNAS_DATA_CLASSES, MNAS_DATA_TOO_FEW
 */
export async function openImageFolder(options: OpenOptions): Promise<ImageFolderDataset> {
  const folder = resolve(options.folder)
  const { files, labels, hasValidation } = await listImages(folder, options.signal)
  const { fingerprint, images, skipped } = await scanImages(folder, files, options)
  const broken = new BrokenFiles(folder, files.labelOf.length)
  broken.add(skipped)
  if (labels.length < 2) throw classificationErrors.MNAS_DATA_CLASSES({ folder, label: labels[0]! })
  const splits = splitImages(images, labels, hasValidation)
  const examples = {
    folder,
    paths: images.paths,
    labelOf: images.labelOf,
    classes: labels.length,
    splits,
    preprocessing: options.preprocessing ?? preprocessing,
    known: knownSizes(images.labelOf.length),
  }
  return new ImageFolderDataset({ fingerprint, labels, images, examples, broken }, options)
}
