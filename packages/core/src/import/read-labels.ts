import { readFile } from 'node:fs/promises'
import { coreErrors } from '../errors/index.js'
import { reasonOf } from '../files/index.js'
import { importErrors } from './errors.js'

/** The names of the classes, in order: a file's lines, or the class indices. @throws MNAS_FILE_MISSING, MNAS_IMPORT_LABELS */
export async function readLabels(file: string | undefined, classes: number): Promise<readonly string[]> {
  if (file === undefined) return Array.from({ length: classes }, (_, index) => String(index))
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw coreErrors.MNAS_FILE_MISSING({ path: file, what: `File of labels (${reasonOf(error)})` }, error)
  })
  const labels = text.trimEnd().split(/\r?\n/)
  const different = new Set(labels)
  if (labels.length !== classes)
    throw importErrors.MNAS_IMPORT_LABELS({ file, expected: classes, received: `${labels.length} lines` })
  if (different.has('') || different.size !== labels.length) {
    const repeated = labels.find((label, index) => label === '' || labels.indexOf(label) !== index)
    const received = repeated === '' ? 'an empty line' : `"${repeated}" more than once`
    throw importErrors.MNAS_IMPORT_LABELS({ file, expected: classes, received })
  }
  return labels
}
