import { defineErrors } from '@mnas/core/errors'

/** Every error that @mnas/images raises. */
export const imagesErrors = defineErrors({
  MNAS_DATA_FOLDER: {
    exit: 'data',
    summary: 'The data folder does not exist, is not a folder or cannot be read.',
    message: (d: { folder: string; reason: string }) =>
      `Cannot read the data folder "${d.folder}": ${d.reason}. Expected a folder of images, sorted or annotated as the ` +
      'task reads them; check --data.',
  },
  MNAS_DATA_LAYOUT: {
    exit: 'data',
    summary: 'What the folders of a data set are for cannot be told.',
    message: (d: { folder: string; problem: string; remedy: string }) =>
      `Cannot tell what the folders of "${d.folder}" are for: ${d.problem}. ` +
      'Expected CLASS/*.jpg, or train/CLASS/*.jpg with val/CLASS/*.jpg ' +
      `and perhaps test/CLASS/*.jpg. ${d.remedy}.`,
  },
  MNAS_DATA_BROKEN: {
    exit: 'data',
    summary: 'More than 5 % of the files cannot be used.',
    message: (d: { folder: string; broken: number; files: number; examples: readonly string[] }) =>
      `${d.broken} of ${d.files} files in "${d.folder}" cannot be used. Expected at most 5 %, received for example ` +
      `${d.examples.join('; ')}. Repair, convert (JPEG, PNG or WebP) or remove them.`,
  },
  MNAS_DATA_IMAGE: {
    exit: 'data',
    summary: 'One image file cannot be read.',
    message: (d: { file: string; reason: string }) =>
      `Cannot use the image "${d.file}": ${d.reason}. Expected a JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF image; ` +
      'convert the file or choose another.',
  },
  MNAS_DATA_UNREAD: {
    exit: 'data',
    summary: 'The disk or the network does not give an image file at the moment.',
    message: (d: { file: string; reason: string }) =>
      `Cannot read the image "${d.file}" at the moment: ${d.reason}. Expected the file that was there when the folder was ` +
      'looked at; check the disk or the network, and run the same command again.',
  },
  MNAS_DATA_FIT: {
    exit: 'invalid',
    summary: 'A bundle reads its images otherwise than its task can.',
    message: (d: { received: string }) =>
      `This task cuts a square out of the middle of an image. Expected "fit" of kind crop in the bundle's preprocessing, ` +
      `received "${d.received}". Correct model.json, or use a bundle of this task.`,
  },
  MNAS_DATA_BATCH: {
    exit: 'usage',
    summary: 'A training batch is larger than the training split.',
    message: (d: { batchSize: number; images: number }) =>
      `The batch does not fit the data. Expected at most ${d.images} images per batch (the size of the split), ` +
      `received ${d.batchSize}. Choose a smaller --batch or add images.`,
  },
  MNAS_DATA_CACHE: {
    exit: 'data',
    summary: 'The cache of decoded pixels cannot be written.',
    message: (d: { folder: string; reason: string }) =>
      `Cannot write the pixel cache "${d.folder}": ${d.reason}. Expected a writable folder with room; free some space, ` +
      'choose another --cache-folder, or decode from the files each time with --cache-limit 0.',
  },
  MNAS_DATA_WORKER: {
    exit: 'training',
    summary: 'A thread that decodes images ended unexpectedly.',
    message: (d: { reason: string }) =>
      `A data worker ended unexpectedly: ${d.reason}. Expected it to deliver batches; try fewer --workers, ` +
      'or --workers 0 to decode in the training thread.',
  },
})
