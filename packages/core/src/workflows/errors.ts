import { describeLabels } from '../data/index.js'
import { defineErrors } from '../errors/index.js'

export const workflowErrors = defineErrors({
  MNAS_TRAIN_FOLDER: {
    exit: 'invalid',
    summary: 'A training was to write into a folder that holds something else, or into its own images.',
    message: (d: { folder: string; received: string }) =>
      `"${d.folder}" cannot become a model's folder. Expected a new or empty folder, or one that "mnas train" began, ` +
      `received ${d.received}. Choose another --out.`,
  },
  MNAS_TRAIN_MODEL: {
    exit: 'usage',
    summary: '"mnas train" was told of no network, or of two.',
    message: (d: { received: string }) =>
      `What shall be trained? Expected either a MODEL or --init BUNDLE, received ${d.received}. ` +
      'MODEL trains from fresh weights; --init begins with those of a bundle and keeps its network.',
  },
  MNAS_TRAIN_FIT: {
    exit: 'usage',
    summary: 'Images were to be fitted into the input in a way that the task does not know.',
    message: (d: { task: string; received: string; known: readonly string[] }) =>
      `The task "${d.task}" fits no images by "${d.received}". Expected ${d.known.join(' or ')}, received "${d.received}". ` +
      'Correct --fit or leave it out.',
  },
  MNAS_TRAIN_CONTINUE: {
    exit: 'invalid',
    summary: 'A bundle holds no training that could go on: it was imported, or copied without its local/.',
    message: (d: { model: string; path: string }) =>
      `The training of "${d.model}" cannot go on. Expected its last checkpoint and settings beside it, received no usable ` +
      `"${d.path}". ` +
      `Start a new training from its weights: "mnas train --init ${d.model} --data DIR".`,
  },
  MNAS_EVALUATE_LABELS: {
    exit: 'data',
    summary: 'The classes of an image folder are not those the model was trained on.',
    message: (d: { folder: string; expected: readonly string[]; received: readonly string[] }) =>
      `The classes in "${d.folder}" are not the model's: expected ${describeLabels(d.expected)}; ` +
      `received ${describeLabels(d.received)}. Use the images the model was trained for, or train it anew on these.`,
  },
  MNAS_EVALUATE_SPLIT: {
    exit: 'data',
    summary: 'The split to evaluate holds no images.',
    message: (d: { folder: string; split: string; found: string }) =>
      `No images to evaluate in "${d.folder}". Expected images of the split "${d.split}", received ${d.found}. ` +
      'Choose another --split, or another folder.',
  },
  MNAS_MODEL_NOT_FINITE: {
    exit: 'invalid',
    summary: "A model's answers are no numbers: its weights are spoiled.",
    message: (d: { model: string; received: string }) =>
      `The weights of "${d.model}" are spoiled: expected finite numbers, received ${d.received}. ` +
      'Train it again, with a lower learning rate, or import it again.',
  },
  MNAS_EVALUATE_CHARTS: {
    exit: 'invalid',
    summary: 'The folder for the pictures of an evaluation cannot be made or written.',
    message: (d: { folder: string; reason: string }) =>
      `Cannot write pictures into "${d.folder}": ${d.reason}. Expected a folder that can be made or written. ` +
      'Choose another --charts.',
  },
  MNAS_CHECK_PICTURE: {
    exit: 'usage',
    summary: 'The picture of a check of data was to be written among the images.',
    message: (d: { file: string; data: string }) =>
      `Cannot write "${d.file}" among the images of "${d.data}": the next training would read it. Expected a file elsewhere. ` +
      'Choose another --out.',
  },
  MNAS_EVALUATE_ANSWERS: {
    exit: 'usage',
    summary: 'All answers of an evaluation were to be written by a task that has no format for them.',
    message: (d: { task: string }) =>
      `The task "${d.task}" writes no file of its answers. Expected a task that has a format for them, such as detection. ` +
      'Leave --detections out.',
  },
  MNAS_EVALUATE_FILE: {
    exit: 'invalid',
    summary: 'The file for the answers of an evaluation cannot be written.',
    message: (d: { file: string; reason: string }) =>
      `Cannot write the answers to "${d.file}": ${d.reason}. Expected a file in a folder that can be made or written. ` +
      'Choose another --detections.',
  },
  MNAS_PREDICT_EMPTY: {
    exit: 'data',
    summary: 'A folder that was named as images has none in it.',
    message: (d: { folder: string }) =>
      `No images in "${d.folder}". Expected image files in it or in the folders below it. ` +
      'Name another folder, or the files themselves.',
  },
  MNAS_PREDICT_DRAW: {
    exit: 'usage',
    summary: 'Answers were to be drawn by a task that draws nothing.',
    message: (d: { task: string }) =>
      `The task "${d.task}" draws nothing. Expected a task whose answers lie on the image, such as boxes. Leave --draw out.`,
  },
  MNAS_PREDICT_DRAWINGS: {
    exit: 'invalid',
    summary: 'The folder for drawn answers cannot be made or written, or the images themselves lie there.',
    message: (d: { folder: string; reason: string }) =>
      `Cannot draw into "${d.folder}": ${d.reason}. Expected a folder apart from the images that can be made or written. ` +
      'Choose another --draw.',
  },
  MNAS_PREDICT_OPTION: {
    exit: 'usage',
    summary: 'An option was given of what is told of an answer that the task does not know, or with a wrong value.',
    message: (d: { task: string; option: string; expected: string; received: string }) =>
      `The answers of the task ${d.task} cannot be told with the option "${d.option}". Expected ${d.expected}, ` +
      `received ${d.received}. Correct it or leave it out.`,
  },
  MNAS_DATA_UNSAID: {
    exit: 'usage',
    summary: 'A command needs images and was not told where they are.',
    message: (d: { model: string }) =>
      `No images named for "${d.model}". Expected --data DIR, or a bundle trained on this computer. Add --data DIR.`,
  },
})
