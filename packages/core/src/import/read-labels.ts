import { readFile } from 'node:fs/promises'
import { coreErrors } from '../errors/index.js'
import { reasonOf } from '../files/index.js'
import { importErrors } from './errors.js'

/**
 * The names of the classes, in order: a file's lines, or the class indices. A byte order mark before them is not part of the first.
 * @throws MNAS_FILE_MISSING, MNAS_IMPORT_LABELS
 */
export async function readLabels(file: string | undefined, classes: number): Promise<readonly string[]> {
  if (file === undefined) return Array.from({ length: classes }, (_, index) => String(index))
  const bytes = await readFile(file).catch((error: unknown) => {
    throw coreErrors.MNAS_FILE_MISSING({ path: file, what: `File of labels (${reasonOf(error)})` }, error)
  })
  const wrong = (received: string) => importErrors.MNAS_IMPORT_LABELS({ file, expected: classes, received })
  const text = decodeUtf8(bytes)
  if (text === undefined) throw wrong(`${encodingOf(bytes)}: save it as UTF-8`)
  const labels = text.trimEnd().split(/\r?\n/)
  if (labels.length !== classes) throw wrong(`${labels.length} lines`)
  const repeated = labels.find((label, index) => label === '' || labels.indexOf(label) !== index)
  if (repeated !== undefined) throw wrong(repeated === '' ? 'an empty line' : `"${repeated}" more than once`)
  return labels
}

/** undefined for bytes that are no UTF-8, and for text with NUL in it, which is UTF-16 more likely. */
function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return text.includes('\0') ? undefined : text
  } catch {
    return undefined
  }
}

function encodingOf(bytes: Uint8Array): string {
  const mark = `${bytes[0]?.toString(16)} ${bytes[1]?.toString(16)}`
  return mark === 'ff fe' || mark === 'fe ff' || bytes.includes(0) ? 'UTF-16' : 'bytes that are not UTF-8'
}
