import { statSync } from 'node:fs'
import { basename, dirname, posix } from 'node:path'
import { isMnasError } from '@mnas/core/errors'
import { type FolderEntries, readFolder } from '@mnas/images/listing'
import { detectionErrors } from '../errors.js'
import { chooseCocoFiles, looksLikeCoco } from './coco/choose-coco-files.js'
import type { CocoFiles } from './coco/find-coco.js'
import { DataFolder } from './folder/data-folder.js'
import { chooseVocPlaces } from './voc/choose-voc-places.js'
import type { VocPlaces } from './voc/find-voc.js'
import { chooseYoloPlaces, yoloWithoutYaml } from './yolo/choose-yolo-places.js'
import { dataYamlAmong, isYaml, readDataYaml, readImageList } from './yolo/yolo-files.js'
import type { YoloSource } from './yolo/yolo-source.js'

/** What a folder of data was taken for. */
export type Recognised =
  | { readonly format: 'coco'; readonly files: CocoFiles }
  | { readonly format: 'voc'; readonly places: VocPlaces }
  | { readonly format: 'yolo'; readonly source: YoloSource }

export interface RecognisedFolder {
  readonly folder: DataFolder
  readonly found: Recognised
  /** Annotations of other formats, which are not read: what they are and where, for people. */
  readonly besides: readonly string[]
}

/**
 * Of several formats that stand together the one is taken that says most itself: a data.yaml names its places, Pascal VOC has folders
 * of its own, a .json may be anything; label files without a data.yaml come last.
 * @param path a folder, a .json of COCO, a data.yaml of YOLO or a list of images. Of a .json in a folder of annotations, the
 *   images are beside that
 * @returns null for a folder without annotations
 * @throws MNAS_DETECTION_LAYOUT, MNAS_DETECTION_ANNOTATIONS, MNAS_DATA_FOLDER
 */
export async function recogniseAnnotations(path: string): Promise<RecognisedFolder | null> {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return recogniseFolder(DataFolder.open(path), '', path)
  const [own, name] = [dirname(path), basename(path)]
  if (isYaml(name)) {
    const folder = DataFolder.open(own)
    return { folder, found: { format: 'yolo', source: readDataYaml(folder, name) }, besides: [] }
  }
  if (/\.txt$/i.test(name)) {
    const { folder, source } = await readImageList(path)
    return { folder, found: { format: 'yolo', source }, besides: [] }
  }
  if (!/\.json$/i.test(name))
    throw detectionErrors.MNAS_DETECTION_LAYOUT({ folder: path, problem: 'it is no .json, .yaml or .txt' })
  const isApart = basename(own).toLowerCase() === 'annotations'
  const folder = DataFolder.open(isApart ? dirname(own) : own)
  const files = { train: isApart ? `${basename(own)}/${name}` : name, validation: null, test: null }
  return { folder, found: { format: 'coco', files }, besides: [] }
}

/** @param at within the data; folders that hold one folder and nothing else are gone into, as unpacked archives are */
async function recogniseFolder(data: DataFolder, at: string, named: string): Promise<RecognisedFolder | null> {
  const entries = await readFolder(data.root, at)
  const inside = { data, at, entries, named }
  const yaml = dataYamlAmong(data, at, entries.files)
  const places = yaml === undefined ? await chooseYoloPlaces(data, at, entries) : null
  const yolo = async () => ({ format: 'yolo', source: await yoloWithoutYaml(data, at, places!) }) as const
  if (yaml !== undefined) {
    const found = { format: 'yolo', source: readDataYaml(data, posix.join(at, yaml)) } as const
    return { folder: data, found, besides: [...(await seenVoc(inside)), ...(await seenCoco(inside))] }
  }
  const labelFiles = places ? [`YOLO (${places.place})`] : []
  const voc = await chooseVocPlaces(data, at, entries)
  if (voc) return { folder: data, found: { format: 'voc', places: voc }, besides: [...(await seenCoco(inside)), ...labelFiles] }
  // Beside label files a .json must look like one of COCO's: Label Studio writes others.
  if (places && (await seenCoco(inside)).length === 0) return { folder: data, found: await yolo(), besides: [] }
  const coco = await chooseCocoFiles(data, at, { ...entries, named })
  if (coco) return { folder: data, found: { format: 'coco', files: coco }, besides: labelFiles }
  const [only, ...more] = entries.folders
  const inner = only !== undefined && more.length === 0 ? data.locate(posix.join(at, only)) : { reason: '' }
  return 'file' in inner && at.split('/').length < mostWrappers ? recogniseFolder(data, posix.join(at, only!), named) : null
}

const mostWrappers = 4

interface Inside {
  readonly data: DataFolder
  readonly at: string
  readonly entries: FolderEntries
  readonly named: string
}

async function seenVoc({ data, at, entries }: Inside): Promise<readonly string[]> {
  const places = await chooseVocPlaces(data, at, entries)
  const place = places && (places.train ?? places.validation ?? places.test)
  return place ? [`Pascal VOC (${place.annotations || '.'}/)`] : []
}

async function seenCoco({ data, at, entries, named }: Inside): Promise<readonly string[]> {
  const files = await chooseCocoFiles(data, at, { ...entries, named }).catch((error: unknown) => {
    // Several files of one part: of a format that is not read that is no error.
    if (isMnasError(error) && error.code === 'MNAS_DETECTION_LAYOUT') return null
    throw error
  })
  const found = Object.values(files ?? {}).filter((file) => file !== null)
  return found.filter((file) => looksLikeCoco(data, file)).map((file) => `COCO (${file})`)
}
