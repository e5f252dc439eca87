import { statSync } from 'node:fs'
import { basename, dirname, posix } from 'node:path'
import { type Part, partOf } from '@mnas/images/layouts'
import { otherKind, readFolder } from '@mnas/images/listing'
import { type DataYaml, parseDataYaml } from '../annotations/parse-data-yaml.js'
import { detectionErrors } from '../errors.js'
import { chooseCocoFiles } from './choose-coco-files.js'
import { DataFolder } from './data-folder.js'
import type { CocoFiles } from './find-coco.js'
import { isXml, type VocPlaces } from './find-voc.js'
import { stemOf } from './images-by-stem.js'
import { unreadable } from './unreadable.js'

/** What a folder of data was taken for. */
export type Recognised =
  | { readonly format: 'coco'; readonly files: CocoFiles }
  | { readonly format: 'voc'; readonly places: VocPlaces }
  | { readonly format: 'yolo'; readonly file: string; readonly data: DataYaml }

const mostYamlBytes = 2 ** 20
const isYaml = (name: string) => /\.ya?ml$/i.test(name)
const isJson = (name: string) => /\.json$/i.test(name)

/**
 * @param path a folder, a .json of COCO or a data.yaml of YOLO. Of a .json in a folder of annotations, the images are beside that
 * @throws MNAS_DETECTION_LAYOUT, MNAS_DETECTION_ANNOTATIONS, MNAS_DATA_FOLDER
 */
export async function recogniseAnnotations(path: string): Promise<{ readonly folder: DataFolder; readonly found: Recognised }> {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
    const folder = DataFolder.open(path)
    return { folder, found: await inFolder(folder, '', path) }
  }
  const [own, name] = [dirname(path), basename(path)]
  if (isYaml(name)) {
    const folder = DataFolder.open(own)
    return { folder, found: yolo(folder, name) }
  }
  if (!isJson(name)) throw detectionErrors.MNAS_DETECTION_LAYOUT({ folder: path, problem: 'it is neither .json nor .yaml' })
  const isApart = basename(own).toLowerCase() === 'annotations'
  const folder = DataFolder.open(isApart ? dirname(own) : own)
  return { folder, found: { format: 'coco', files: { train: isApart ? `${basename(own)}/${name}` : name, validation: null } } }
}

/** @param at within the data; folders that hold one folder and nothing else are gone into, as unpacked archives are */
async function inFolder(data: DataFolder, at: string, named: string): Promise<Recognised> {
  const { folders, files } = await readFolder(data.root, at)
  const own = (name: string) => posix.join(at, name)
  const yamls = files.filter(isYaml)
  const yaml = yamls.find((name) => /^(data|dataset)\.ya?ml$/i.test(name)) ?? (yamls.length === 1 ? yamls[0] : undefined)
  if (yaml !== undefined) return yolo(data, own(yaml))
  const voc = await vocIn(data, at, { folders, files })
  if (voc) return voc
  const coco = await chooseCocoFiles(data, at, { folders, files, named })
  if (coco) return { format: 'coco', files: coco }
  const [only, ...more] = folders
  const inner = only !== undefined && more.length === 0 ? data.locate(own(only)) : { reason: '' }
  if ('file' in inner && at.split('/').length < mostWrappers) return inFolder(data, own(only!), named)
  throw detectionErrors.MNAS_DETECTION_LAYOUT({ folder: named, problem: 'neither COCO, nor Pascal VOC, nor YOLO was found' })
}

const mostWrappers = 4

function yolo(folder: DataFolder, file: string): Recognised {
  const content = folder.readText(file, mostYamlBytes)
  if ('reason' in content) throw unreadable(file, 'data.yaml of YOLO', content.reason)
  const data = parseDataYaml(content.text, file)
  if (data.train.length === 0) throw unreadable(file, 'data.yaml of YOLO', 'it names no place of training images ("train")')
  return { format: 'yolo', file, data }
}

interface Entries {
  readonly folders: readonly string[]
  readonly files: readonly string[]
}

async function vocIn(data: DataFolder, at: string, { folders, files }: Entries): Promise<Recognised | null> {
  const named = (name: string) => folders.find((own) => own.toLowerCase() === name)
  const annotations = named('annotations')
  if (annotations !== undefined && 'file' in data.locate(posix.join(at, annotations))) {
    const place = posix.join(at, annotations)
    if ((await readFolder(data.root, place)).files.some(isXml)) {
      const images = named('jpegimages') ?? named('images')
      const imagesAt = images === undefined ? place : posix.join(at, images)
      const of = (names: ReadonlySet<string> | null) => ({ annotations: place, images: imagesAt, names })
      const set = (name: string) => setNames(data, posix.join(at, named('imagesets') ?? 'ImageSets', 'Main', `${name}.txt`))
      const [train, validation] = [set('train'), set('val')]
      if (train && validation) return { format: 'voc', places: { train: of(train), validation: of(validation) } }
      return { format: 'voc', places: { train: of(set('trainval') ?? train), validation: null } }
    }
  }
  if (files.some(isXml) && files.some((name) => otherKind(name) === undefined))
    return { format: 'voc', places: { train: beside(at), validation: null } }
  return besideImages(data, at, folders)
}

const beside = (place: string) => ({ annotations: place, images: place, names: null })

/** Parts in folders of their own, with their files beside the images. */
async function besideImages(data: DataFolder, at: string, folders: readonly string[]): Promise<Recognised | null> {
  const places = new Map<Part, string>()
  for (const name of folders) {
    const [part, place] = [partOf(name), posix.join(at, name)]
    if (part === undefined || !('file' in data.locate(place))) continue
    if ((await readFolder(data.root, place)).files.some(isXml)) places.set(part, place)
  }
  const [train, validation] = [places.get('training'), places.get('validation')]
  if (train === undefined) return null
  return { format: 'voc', places: { train: beside(train), validation: validation === undefined ? null : beside(validation) } }
}

/** Names of an image set, one a line; null where there is no such set. */
function setNames(data: DataFolder, file: string): ReadonlySet<string> | null {
  const content = data.readText(file, mostSetBytes)
  if ('reason' in content) return null
  const lines = content.text.split(/\r\n|\n|\r/).map((line) => line.trim().split(/\s+/)[0]!)
  // Some programs write whole file names.
  return new Set(lines.filter((name) => name !== '').map((name) => (/\.(jpe?g|png|xml)$/i.test(name) ? stemOf(name) : name)))
}

const mostSetBytes = 64 * 2 ** 20
