import { posix } from 'node:path'
import { readFolder } from '@mnas/images/listing'
import type { DataFolder } from '../folder/data-folder.js'
import { unreadable } from '../folder/unreadable.js'

export interface ClassNames {
  /** Within the data. */
  readonly file: string
  readonly labels: readonly string[]
}

/** What programs call the file that names the classes of label files: labelImg and Label Studio, Darknet and CVAT. */
const isNamesFile = (name: string) => /^(classes|names|obj)\.(txt|names)$|\.names$/i.test(name)
const mostNamesBytes = 2 ** 20

/**
 * Names of classes, one a line, in the first of some folders that has them.
 * @returns null where none has
 * @throws MNAS_DETECTION_ANNOTATIONS for a file without names, or with one twice
 */
export async function findClassNames(data: DataFolder, folders: readonly string[]): Promise<ClassNames | null> {
  for (const folder of folders) {
    if (data.kindOf(folder) !== 'folder') continue
    const found = (await readFolder(data.root, folder)).files.filter(isNamesFile).sort()[0]
    if (found !== undefined) return readClassNames(data, posix.join(folder, found))
  }
  return null
}

function readClassNames(data: DataFolder, file: string): ClassNames {
  const wrong = (problem: string) => unreadable(file, 'names of classes', problem)
  const content = data.readText(file, mostNamesBytes)
  if ('reason' in content) throw wrong(content.reason)
  const lines = content.text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  const written = lines.map((line) => line.trim().normalize('NFC'))
  const labels = written.slice(0, written.findLastIndex((label) => label !== '') + 1)
  if (labels.length === 0) throw wrong('it names no class')
  const empty = labels.indexOf('')
  if (empty >= 0) throw wrong(`line ${empty + 1} is empty, and a class is its line`)
  const twice = labels.find((label, at) => labels.indexOf(label) !== at)
  if (twice !== undefined) throw wrong(`two classes have the name "${twice}"`)
  return { file, labels }
}
