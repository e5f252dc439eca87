import { defineErrors } from '../errors/index.js'

const shorten = (names: readonly string[]) =>
  names.length > 8 ? `${names.slice(0, 8).join(', ')} and ${names.length - 8} more` : names.join(', ')

export const workflowErrors = defineErrors({
  MNAS_TRAIN_FOLDER: {
    exit: 'invalid',
    summary: 'A training was to write into a folder that holds something else, or into its own images.',
    message: (d: { folder: string; received: string }) =>
      `"${d.folder}" cannot become a model's folder. Expected a new or empty folder, or one that "mnas train" began, ` +
      `received ${d.received}. Choose another --out.`,
  },
  MNAS_EVALUATE_LABELS: {
    exit: 'data',
    summary: 'The classes of an image folder are not those the model was trained on.',
    message: (d: { folder: string; expected: readonly string[]; received: readonly string[] }) =>
      `The classes in "${d.folder}" are not the model's: expected ${shorten(d.expected)}; received ${shorten(d.received)}. ` +
      'Use the images the model was trained for, or train it anew on these.',
  },
  MNAS_DATA_UNSAID: {
    exit: 'usage',
    summary: 'A command needs images and was not told where they are.',
    message: (d: { model: string }) =>
      `No images named for "${d.model}". Expected --data DIR, or a bundle trained on this computer. Add --data DIR.`,
  },
})
