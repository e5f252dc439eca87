import { posix } from 'node:path'
import { type Part, partOf } from '@mnas/images/layouts'
import { type FolderEntries, otherKind, readFolder } from '@mnas/images/listing'
import type { DataFolder } from '../folder/data-folder.js'
import { stemOf } from '../folder/images-by-stem.js'
import { unreadable } from '../folder/unreadable.js'
import { findClassNames } from './class-names.js'
import type { YoloSource } from './yolo-source.js'

/** Folders of images by their parts, and those in which labels stand. */
interface Places {
  readonly images: Readonly<Record<Part, readonly string[]>>
  readonly labels: readonly string[]
  /** For people. */
  readonly place: string
}

/**
 * YOLO without a data.yaml: images/ with labels/, undivided or with folders of the parts in them; parts with such folders; images with
 * their labels beside them, undivided or in folders of the parts.
 * @returns null where no label file stands where one would
 */
export async function chooseYoloPlaces(data: DataFolder, at: string, entries: FolderEntries): Promise<Places | null> {
  return (await inTwoFolders(data, at, entries.folders)) ?? (await inParts(data, at, entries)) ?? (await sideBySide(data, at))
}

/**
 * With the names of the classes.
 * @throws MNAS_DETECTION_ANNOTATIONS where nothing names them
 */
export async function yoloWithoutYaml(data: DataFolder, at: string, { images, labels, place }: Places): Promise<YoloSource> {
  const base = at === '' ? '.' : at
  const names = await findClassNames(data, [base, ...labels, ...Object.values(images).flat()])
  if (names === null)
    throw unreadable(place, 'labels of YOLO', 'nothing names the classes: no classes.txt, no obj.names, no data.yaml')
  const relative = (places: readonly string[]) => places.map((one) => posix.relative(at, one) || '.')
  return {
    ...{
      file: names.file,
      labels: names.labels,
      keypointNumbers: 0,
      base,
      path: null,
      place: `${place}, names from ${names.file}`,
    },
    ...{ train: relative(images.training), val: relative(images.validation), test: relative(images.test) },
  }
}

const inPart = (part: Part, place: string) => ({ training: [], validation: [], test: [], [part]: [place] })

/** `images/…` with `labels/…`. */
async function inTwoFolders(data: DataFolder, at: string, folders: readonly string[]): Promise<Places | null> {
  if (!folders.includes('images') || !folders.includes('labels')) return null
  const [images, labels] = [posix.join(at, 'images'), posix.join(at, 'labels')]
  if (data.kindOf(images) !== 'folder' || data.kindOf(labels) !== 'folder') return null
  const parts = await partsIn(data, images)
  const labelled = [labels, ...parts.map(({ name }) => posix.join(labels, name))]
  const isLabelled = (await Promise.all(labelled.map((folder) => hasLabels(data, folder)))).includes(true)
  if (!isLabelled) return null
  const place = `${images}/ with ${labels}/`
  return { images: parts.length > 0 ? byPart(parts) : inPart('training', images), labels: labelled, place }
}

/** `train/images` with `train/labels`, or `train/` with both side by side; Darknet's `obj_train_data/`. */
async function inParts(data: DataFolder, at: string, { folders }: FolderEntries): Promise<Places | null> {
  const found: { readonly part: Part; readonly images: string; readonly labels: string }[] = []
  for (const name of folders) {
    const [part, place] = [partOf(name) ?? partOf(/^obj_(\w+)_data$/i.exec(name)?.[1] ?? ''), posix.join(at, name)]
    if (part === undefined || data.kindOf(place) !== 'folder') continue
    const [images, labels] = [posix.join(place, 'images'), posix.join(place, 'labels')]
    if (data.kindOf(images) === 'folder' && (await hasLabels(data, labels))) found.push({ part, images, labels })
    else if (await isSideBySide(data, place)) found.push({ part, images: place, labels: place })
  }
  if (found.length === 0) return null
  const images = byPart(found.map(({ part, images: path }) => ({ part, path })))
  return { images, labels: found.map(({ labels }) => labels), place: found.map((one) => `${one.images}/`).join(', ') }
}

async function sideBySide(data: DataFolder, at: string): Promise<Places | null> {
  if (!(await isSideBySide(data, at))) return null
  return { images: inPart('training', at), labels: [at], place: 'images with .txt beside them' }
}

interface PartPlace {
  readonly part: Part
  readonly path: string
}

function byPart(places: readonly PartPlace[]): Places['images'] {
  const of = (part: Part) => places.filter((one) => one.part === part).map(({ path }) => path)
  return { training: of('training'), validation: of('validation'), test: of('test') }
}

async function partsIn(data: DataFolder, folder: string): Promise<readonly (PartPlace & { readonly name: string })[]> {
  const { folders } = await readFolder(data.root, folder)
  return folders.flatMap((name) => {
    const part = partOf(name)
    return part === undefined ? [] : [{ part, name, path: posix.join(folder, name) }]
  })
}

const isText = (name: string) => /\.txt$/i.test(name)

/** Any .txt will do: what of it is no label file is told when it is read. */
async function hasLabels(data: DataFolder, folder: string): Promise<boolean> {
  return data.kindOf(folder) === 'folder' && (await readFolder(data.root, folder)).files.some(isText)
}

/** An image and a .txt of one stem. */
async function isSideBySide(data: DataFolder, folder: string): Promise<boolean> {
  const { files } = await readFolder(data.root, folder)
  const stems = new Set(files.filter(isText).map(stemOf))
  return files.some((name) => otherKind(name) === undefined && stems.has(stemOf(name)))
}
