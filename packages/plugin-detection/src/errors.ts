import { defineErrors } from '@mnas/core/errors'

/** What a file of each format holds. */
const formats: Readonly<Record<string, string>> = {
  'COCO instances': 'Expected a JSON object with the arrays images, annotations and categories.',
  'VOC XML': 'Expected <annotation> with <object> elements, each with a <name> and a <bndbox>.',
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
})
