import { defineErrors } from '@mnas/core/errors'

/** Every error that @mnas/plugin-classification raises. */
export const classificationErrors = defineErrors({
  MNAS_DATA_EMPTY: {
    exit: 'data',
    summary: 'The data folder holds no class folders with images.',
    message: (d: { folder: string; received: string }) =>
      `No images in class folders under "${d.folder}". Expected CLASS/*.jpg, or train/CLASS/*.jpg and val/CLASS/*.jpg, ` +
      `received ${d.received}. Put the images of each class into a folder named after it.`,
  },
  MNAS_DATA_CLASSES: {
    exit: 'data',
    summary: 'The data folder holds fewer than two classes.',
    message: (d: { folder: string; label: string; inner: string }) =>
      `Only one class in "${d.folder}". Expected at least 2 class folders, received "${d.label}". ` +
      'Add a folder for another class' +
      `${d.inner === '' ? '' : `; perhaps --data "${d.inner}" is meant, which holds folders itself`}.`,
  },
  MNAS_DATA_VALIDATION: {
    exit: 'data',
    summary: 'val/ or test/ holds a class that train/ does not know.',
    message: (d: { folder: string; label: string; training: string; part: string }) =>
      `"${d.folder}" validates a class that it does not train. Expected the class folders of ${d.training}/ in ${d.part}/, ` +
      `received "${d.label}" as well. Add ${d.training}/${d.label} or remove it from ${d.part}/.`,
  },
  MNAS_DATA_NAMES: {
    exit: 'data',
    summary: 'Two class folders have the same name in two Unicode forms.',
    message: (d: { folder: string; label: string }) =>
      `Two folders in "${d.folder}" are named "${d.label}", once with composed letters (NFC) and once with letters and ` +
      'accents apart (NFD, as ' +
      'archives of macOS have them). Expected one folder for each class. Move the images of one into the other.',
  },
  MNAS_DATA_UNLABELLED: {
    exit: 'data',
    summary: 'Validation images lie in no class folders, and no list says their classes.',
    message: (d: { folder: string; part: string; looked: readonly string[] }) =>
      `The classes of the images in "${d.folder}/${d.part}" are unknown. ` +
      `Expected ${d.part}/CLASS/*.jpg, or a list beside it (${d.part}.txt) with ` +
      'a line "FILE CLASS" for every image, received ' +
      `${d.looked.length === 0 ? 'no list' : `no such list (looked at ${d.looked.slice(0, 4).join(', ')})`}. ` +
      'Move the images into folders of classes, add the list, or move the folder away.',
  },
  MNAS_DATA_TOO_FEW: {
    exit: 'data',
    summary: 'A class has too few usable images to be divided into training, held-out and validation images.',
    message: (d: { label: string; expected: number; received: number }) =>
      `Too few images of class "${d.label}". Expected at least ${d.expected} usable ones, received ${d.received}. ` +
      'Add images, or remove the class folder.',
  },
  MNAS_DATA_AUGMENTATION: {
    exit: 'invalid',
    summary: 'The augmentation or loss of a recipe has a wrong field.',
    message: (d: { part: string; issues: string }) =>
      `The recipe's ${d.part} is not valid for classification: ${d.issues}. Correct the field, or start from the recipe "quick".`,
  },
})
