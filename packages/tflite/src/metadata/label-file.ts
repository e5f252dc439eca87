import { tfliteErrors } from '../errors.js'

/** Name of the label file in the archive behind a model. */
export const labelFileName = 'labels.txt'

/**
 * The content of a label file: a class in each line, by index, UTF-8. Readers count lines, and MediaPipe opens a file whose lines are not as many as
 * its classes and then fails at every image: so nothing is written that does not fit.
 * @param classes how many there are
 * @throws MNAS_EXPORT_LABELS
 */
export function labelFile(labels: readonly string[], classes: number): Uint8Array {
  if (labels.length !== classes)
    throw tfliteErrors.MNAS_EXPORT_LABELS({ expected: `${classes} labels, one for each class`, received: `${labels.length}` })
  const broken = labels.findIndex((label) => label === '' || /[\r\n]/.test(label))
  if (broken >= 0) {
    const received = `${JSON.stringify(labels[broken])} for class ${broken}`
    throw tfliteErrors.MNAS_EXPORT_LABELS({ expected: 'names that are not empty and have no line break', received })
  }
  return new TextEncoder().encode(labels.join('\n'))
}
