import { defineErrors } from '@mnas/core/errors'

/** What a file of each format holds. */
const formats: Readonly<Record<string, string>> = {
  'COCO instances': 'Expected a JSON object with the arrays images, annotations and categories.',
  'VOC XML': 'Expected <annotation> with <object> elements, each with a <name> and a <bndbox>.',
  'a list of images': 'Expected the path of an image on each line.',
  'labels of YOLO': 'Expected the names of the classes in classes.txt or obj.names, one a line, or a data.yaml with "names".',
  'names of classes': 'Expected the name of a class on each line.',
  'data.yaml of YOLO': 'Expected the names of the classes as "names", a list or numbers with names.',
}
const expectedOf = (format: string) => formats[format] ?? ''

/** Every error that @mnas/plugin-detection raises. */
export const detectionErrors = defineErrors({
  MNAS_DETECTION_BACKBONE: {
    exit: 'invalid',
    summary: 'A backbone has no map that a detector can read.',
    message: (d: { strides: readonly number[] }) =>
      'A detector cannot read this backbone. Expected at least one row that strides behind the stem, whose input becomes the ' +
      `first map, received maps of the strides ${d.strides.join(', ')}. Give a row of the architecture the stride 2.`,
  },
  MNAS_DETECTION_RECIPE: {
    exit: 'invalid',
    summary: 'The augmentation or loss of a recipe has a wrong field.',
    message: (d: { part: string; issues: string }) =>
      `The recipe's ${d.part} is not valid for detection: ${d.issues}. Correct the field, or start from the recipe "quick".`,
  },
  MNAS_DETECTION_FIT: {
    exit: 'invalid',
    summary: 'A bundle cuts its images, and a detector has to see all of them.',
    message: (d: { received: string }) =>
      'A detector sees whole pictures. Expected "fit" of kind stretch or letterbox in the bundle\'s preprocessing, ' +
      `received "${d.received}". Correct model.json, or train anew.`,
  },
  MNAS_DETECTION_ANNOTATIONS: {
    exit: 'data',
    summary: 'A file of annotations is not what its format says.',
    message: (d: { file: string; format: string; problem: string }) =>
      `Cannot read "${d.file}" as ${d.format}: ${d.problem}. ${expectedOf(d.format)} Correct the file, or export it anew.`,
  },
  MNAS_DETECTION_LAYOUT: {
    exit: 'data',
    summary: 'A folder has no annotations that are known, or more than one kind of them.',
    message: (d: { folder: string; problem: string }) =>
      `Cannot tell what the annotations of "${d.folder}" are: ${d.problem}. ` +
      'Expected COCO (a .json beside or above the images), ' +
      'Pascal VOC (Annotations/*.xml with JPEGImages/) or YOLO (data.yaml, or images/ and labels/ with classes.txt); ' +
      'name the .json, the .yaml or the list itself.',
  },
  MNAS_DETECTION_BOXES: {
    exit: 'data',
    summary: 'More than 5 % of the boxes cannot be used.',
    message: (d: { folder: string; skipped: number; boxes: number; examples: readonly string[] }) =>
      `${d.skipped} of ${d.boxes} boxes in "${d.folder}" cannot be used. Expected at most 5 %, received for example ` +
      `${d.examples.join('; ')}. Correct the annotations, or export them anew.`,
  },
  MNAS_DETECTION_CORNERS: {
    exit: 'data',
    summary: 'The boxes of COCO or YOLO look like corners.',
    message: (d: { folder: string; outside: number; boxes: number; written: string; expected: string; remedy: string }) =>
      `${d.outside} of ${d.boxes} boxes in "${d.folder}" leave their pictures as (${d.written}), ` +
      `and as corners they do not. Expected ${d.expected}, received what looks like x1, y1, x2, y2. ${d.remedy}.`,
  },
  MNAS_DETECTION_ORIENTATION: {
    exit: 'data',
    summary: 'Boxes were drawn on pictures as they are stored, not as they are shown.',
    message: (d: { folder: string; images: number; example: string; annotated: string; shown: string }) =>
      `${d.images} pictures in "${d.folder}" are turned by EXIF, and their boxes are not: "${d.example}" was annotated as ` +
      `${d.annotated} and is shown as ${d.shown}. Expected boxes on the picture as it is shown. ` +
      'Take the mark off the files, so that they are shown as they are stored, or export the annotations anew.',
  },
  MNAS_DETECTION_IDS: {
    exit: 'data',
    summary: 'Detections were to be written of pictures from two COCO files that number pictures or classes alike.',
    message: (d: { problem: string }) =>
      `These pictures are from several files of annotations, and ${d.problem}. Expected ids that are each of one thing. ` +
      'Evaluate the pictures of one file: --split validation or --split train.',
  },
  MNAS_DETECTION_TOO_FEW: {
    exit: 'data',
    summary: 'There are too few pictures, or none with a box.',
    message: (d: { folder: string; expected: string; received: string }) =>
      `"${d.folder}" has too little to train a detector. Expected ${d.expected}, received ${d.received}. ` +
      'Add annotated pictures.',
  },
})
