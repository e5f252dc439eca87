import { basename, dirname, posix } from 'node:path'
import { readFolder } from '@mnas/images/listing'
import { parseDataYaml } from '../../annotations/parse-data-yaml.js'
import { DataFolder } from '../folder/data-folder.js'
import { unreadable } from '../folder/unreadable.js'
import { findClassNames } from './class-names.js'
import type { YoloSource } from './yolo-source.js'

const mostYamlBytes = 2 ** 20
export const isYaml = (name: string): boolean => /\.ya?ml$/i.test(name)

/** The file that describes a data set, among those of a folder: data.yaml, or the only one, if it names classes. */
export function dataYamlAmong(data: DataFolder, at: string, files: readonly string[]): string | undefined {
  const yamls = files.filter(isYaml)
  const called = yamls.find((name) => /^(data|dataset)\.ya?ml$/i.test(name))
  if (called !== undefined || yamls.length !== 1) return called
  return /^\s*["']?names["']?\s*:/m.test(data.readBeginning(posix.join(at, yamls[0]!), mostYamlBytes)) ? yamls[0] : undefined
}

/** @throws MNAS_DETECTION_ANNOTATIONS */
export function readDataYaml(data: DataFolder, file: string): YoloSource {
  const content = data.readText(file, mostYamlBytes)
  if ('reason' in content) throw unreadable(file, 'data.yaml of YOLO', content.reason)
  const source = parseDataYaml(content.text, file)
  if ([...source.train, ...source.val, ...source.test].length === 0)
    throw unreadable(file, 'data.yaml of YOLO', 'it names no place of images ("train", "val" or "test")')
  return { ...source, file, base: posix.dirname(file), place: file }
}

/**
 * A list of images that was named itself. The names of its classes, and with them the folder, are beside it or one above.
 * @throws MNAS_DETECTION_ANNOTATIONS where nothing names the classes, MNAS_DATA_FOLDER
 */
export async function readImageList(path: string): Promise<{ readonly folder: DataFolder; readonly source: YoloSource }> {
  const own = dirname(path)
  for (const place of [own, dirname(own)]) {
    const folder = DataFolder.open(place)
    const { files } = await readFolder(folder.root, '')
    const yaml = dataYamlAmong(folder, '', files)
    const names = yaml === undefined ? await findClassNames(folder, ['.']) : namesOf(folder, yaml)
    if (names === null) continue
    const list = place === own ? basename(path) : posix.join(basename(own), basename(path))
    const images = { train: [list], val: [], test: [], path: null, base: '.', keypointNumbers: 0 }
    return { folder, source: { ...images, ...names, place: `${list}, names from ${names.file}` } }
  }
  const problem =
    'nothing names the classes: no classes.txt, no obj.names, no data.yaml is beside the list or one folder above it'
  throw unreadable(path, 'labels of YOLO', problem)
}

function namesOf(folder: DataFolder, file: string) {
  const content = folder.readText(file, mostYamlBytes)
  if ('reason' in content) throw unreadable(file, 'data.yaml of YOLO', content.reason)
  const { labels, keypointNumbers } = parseDataYaml(content.text, file)
  return { file, labels, keypointNumbers }
}
