import { posix } from 'node:path'
import { type Part, partOf } from '@mnas/images/layouts'
import { type FolderEntries, otherKind, readFolder } from '@mnas/images/listing'
import type { DataFolder } from '../folder/data-folder.js'
import { stemOf } from '../folder/images-by-stem.js'
import { type ImageSet, isXml, type VocPlace, type VocPlaces } from './find-voc.js'

/**
 * Where files of Pascal VOC stand: in a folder `Annotations`, divided by the lists in ImageSets/Main; beside the images; or beside
 * those of each part.
 * @returns null where there are none
 */
export async function chooseVocPlaces(data: DataFolder, at: string, entries: FolderEntries): Promise<VocPlaces | null> {
  const { folders, files } = entries
  const apart = await inAnnotations(data, at, folders)
  if (apart) return apart
  if (files.some(isXml) && files.some((name) => otherKind(name) === undefined)) return { ...none, train: beside(at) }
  return besideParts(data, at, folders)
}

const none = { train: null, validation: null, test: null } as const
const all = () => true
const beside = (place: string): VocPlace => ({ annotations: place, images: place, set: null, holds: all })

async function inAnnotations(data: DataFolder, at: string, folders: readonly string[]): Promise<VocPlaces | null> {
  const named = (name: string) => folders.find((own) => own.toLowerCase() === name)
  const annotations = named('annotations')
  if (annotations === undefined || !('file' in data.locate(posix.join(at, annotations)))) return null
  const place = posix.join(at, annotations)
  if (!(await readFolder(data.root, place)).files.some(isXml)) return null
  const images = named('jpegimages') ?? named('images')
  const imagesAt = images === undefined ? place : posix.join(at, images)
  const of: PlaceOf = (set, holds) => ({ annotations: place, images: imagesAt, set, holds })
  const set = (name: string) => imageSet(data, posix.join(at, named('imagesets') ?? 'ImageSets', 'Main', `${name}.txt`))
  return divided({ train: set('train'), val: set('val'), trainval: set('trainval'), test: set('test') }, of)
}

type Sets = Readonly<Record<'train' | 'val' | 'trainval' | 'test', ImageSet | null>>
/** @param set null: no list names what belongs there */
type PlaceOf = (set: ImageSet | null, holds: VocPlace['holds']) => VocPlace

/** Without a list of training images, these are what no other list has. */
function divided({ train, val, trainval, test }: Sets, of: PlaceOf): VocPlaces {
  const some = (set: ImageSet | null) => (set && set.names.size > 0 ? of(set, (name) => set.names.has(name)) : null)
  const others = (...sets: readonly (ImageSet | null)[]) => of(null, (name) => !sets.some((set) => set?.names.has(name)))
  if (train && val) return { train: some(train), validation: some(val), test: some(test) }
  if (trainval ?? train) return { train: some(trainval ?? train), validation: null, test: some(test) }
  return { train: others(val, test), validation: some(val), test: some(test) }
}

/** Parts in folders of their own, with their files beside the images. */
async function besideParts(data: DataFolder, at: string, folders: readonly string[]): Promise<VocPlaces | null> {
  const places = new Map<Part, VocPlace>()
  for (const name of folders) {
    const [part, place] = [partOf(name), posix.join(at, name)]
    if (part === undefined || !('file' in data.locate(place))) continue
    if ((await readFolder(data.root, place)).files.some(isXml)) places.set(part, beside(place))
  }
  const of = (part: Part) => places.get(part) ?? null
  return places.size === 0 ? null : { train: of('training'), validation: of('validation'), test: of('test') }
}

/** An image set, whose names stand one a line; null where there is none. */
function imageSet(data: DataFolder, file: string): ImageSet | null {
  const content = data.readText(file, mostSetBytes)
  if ('reason' in content) return null
  const written = content.text.split(/\r\n|\n|\r/).map((line) => line.trim())
  const lines = written.filter((line) => line !== '')
  // The lists of one class say behind each name whether it is there; else a blank is part of the name.
  const ofClass = lines.every((line) => classMark.test(line))
  const names = ofClass ? lines.map((line) => line.replace(classMark, '')) : lines
  // Some programs write whole file names.
  return { file, names: new Set(names.map((name) => (/\.(jpe?g|png|xml)$/i.test(name) ? stemOf(name) : name))) }
}

const classMark = /\s+(?:-1|0|1)$/

const mostSetBytes = 64 * 2 ** 20
